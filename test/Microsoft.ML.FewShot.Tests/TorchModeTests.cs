using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests;

/// <summary>A program that has torch's modes and default type set otherwise gets what every program gets, and finds them as it has set them.</summary>
[TestClass]
public class TorchModeTests
{
    private static readonly FewShotMethod[] Methods = [FewShotMethod.HyperTransformer, FewShotMethod.Maml];

    [TestMethod]
    public void FloatsAreSingleWhateverTheDefaultTypeIs()
    {
        foreach (var method in Methods)
        {
            var expected = Scores(method);
            set_default_dtype(float64);
            try
            {
                Assert.AreEqual(expected, Scores(method), $"{method}");
                Assert.AreEqual(float64, get_default_dtype());
            }
            finally
            {
                set_default_dtype(float32);
            }
        }
    }

    [TestMethod]
    public void TrainingNotesGradientsWhereTheProgramDoesNot()
    {
        foreach (var method in Methods)
        {
            var expected = Scores(method);
            using var mode = no_grad();
            Assert.AreEqual(expected, Scores(method), $"{method}");
            Assert.IsFalse(is_grad_enabled());
        }
    }

    [TestMethod]
    public void TrainingLeavesInferenceModeAndReturnsToIt()
    {
        foreach (var method in Methods)
        {
            var expected = Scores(method);
            using var mode = inference_mode();
            Assert.AreEqual(expected, Scores(method), $"{method}");
            Assert.IsTrue(is_inference_mode_enabled());
            Assert.IsFalse(is_grad_enabled());
        }
    }

    [TestMethod]
    public void WhatWasLoadedOrMadeInInferenceModeServesOutsideOfIt()
    {
        var saved = Saved(FewShotMethod.Maml);
        using var usual = Load(saved);
        var expected = Scores(usual);
        FewShotHyperTransformer loaded;
        using (inference_mode())
        {
            loaded = Load(saved);
        }

        using (loaded)
        {
            Assert.AreEqual(expected, Scores(loaded));
        }
    }

    [TestMethod]
    public void GradientsStayOnWhereTheyAreOn()
    {
        using var mode = enable_grad();
        Scores(FewShotMethod.LogisticRegression);
        Assert.IsTrue(is_grad_enabled());
    }

    /// <summary>Trains, makes a classifier and lets it score.</summary>
    private static string Scores(FewShotMethod method)
    {
        using var generator = Train(method);
        return Scores(generator);
    }

    private static string Scores(FewShotHyperTransformer generator)
    {
        var data = new MLContext().Data.LoadFromEnumerable(Symbols.Draw(4, 2, seed: 2));
        using var classifier = generator.CreateClassifier(data, Symbols.Named());
        return Symbols.Bits(classifier.Transform(data));
    }

    private static FewShotHyperTransformer Train(FewShotMethod method)
    {
        var context = new MLContext();
        return Symbols.Trainer(context, options => options.Method = method).Fit(Symbols.Keyed(context, Symbols.Draw(Symbols.MaxWays, 4)));
    }

    private static byte[] Saved(FewShotMethod method)
    {
        using var generator = Train(method);
        return TrainedModel.Save(generator, TrainedModel.Context.Data.LoadFromEnumerable(Symbols.Draw(2, 2)).Schema);
    }

    private static FewShotHyperTransformer Load(byte[] saved) => (FewShotHyperTransformer)new MLContext().Model.Load(new MemoryStream(saved), out _);
}
