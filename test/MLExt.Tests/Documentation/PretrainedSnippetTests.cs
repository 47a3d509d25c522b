using Microsoft.ML;
using Microsoft.ML.FewShot;
using MLExtensions.Testing;
using Samples.FewShotSymbols;
using Samples.Snippets;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class PretrainedSnippetTests
{
    [TestMethod]
    public void TheCodeOfTheGuideMakesAClassifierOfAFewFilesAndPredicts()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["examples"], symbols: 4, perSymbol: 2, alphabet: 31, hand: 1);
        DrawnSymbols.Write(folder["others"], symbols: 4, perSymbol: 1, alphabet: 31, hand: 2);
        FewShotClassifiers.FromFiles(folder["examples"], folder["c.zip"]);
        foreach (var name in (string[])["symbol-01", "symbol-02", "symbol-03", "symbol-04"])
        {
            Assert.AreEqual(name, FewShotClassifiers.Predict(folder["c.zip"], folder["others", name, "0001.png"]));
        }
    }

    [TestMethod]
    public void TheCodeOfTheGuideTakesExamplesOfWhichOnlyCandidatesAreKnown()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["drawn"], symbols: 3, perSymbol: 3, alphabet: 31, hand: 1);
        (string Name, int Symbol, int Number)[] files = [("seven", 1, 1), ("one", 2, 1), ("three", 3, 1), ("seven-or-one", 2, 2), ("any-of-them", 3, 2)];
        foreach (var (name, symbol, number) in files)
        {
            File.Copy(folder["drawn", $"symbol-{symbol:00}", $"{number:0000}.png"], folder[$"{name}.png"]);
        }

        var mlContext = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrained(mlContext);
        using var engine = mlContext.Model.CreatePredictionEngine<PartialLabels.Example, FirstPipeline.ImagePrediction>(PartialLabels.Fit(mlContext, generator, folder.Path));
        foreach (var (label, symbol) in (IEnumerable<(string, int)>)[("7", 1), ("1", 2), ("3", 3)])
        {
            Assert.AreEqual(label, engine.Predict(new PartialLabels.Example { ImagePath = folder["drawn", $"symbol-{symbol:00}", "0003.png"] }).PredictedLabel);
        }
    }

    [TestMethod]
    public void TheCodeOfTheGuideMakesClassifiersOfPhotographsAndChoosesTheGenerator()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        var pictures = Rows(TinyImages.WriteFolder(folder["pictures"], perClass: 3, side: 64));
        var questions = Rows(TinyImages.WriteFolder(folder["questions"], perClass: 1, side: 64, seed: 2));
        AssertAnswers(mlContext, FewShotClassifiers.OfPhotographs(mlContext, mlContext.Data.LoadFromEnumerable(pictures)), questions);
        using var classifier = FewShotClassifiers.OfEither(mlContext, mlContext.Data.LoadFromEnumerable(pictures));
        Assert.AreEqual(FewShotMethod.RidgeRegression, classifier.Method);
    }

    [TestMethod]
    public void TheCodeOfTheGuideTakesWhatAnOnnxFileMakesOfPictures()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["embedding.onnx"], TinyEmbedding.File());
        var mlContext = new MLContext();
        var pictures = Rows(TinyImages.WriteFolder(folder["pictures"], perClass: 3, side: 224));
        var questions = Rows(TinyImages.WriteFolder(folder["questions"], perClass: 1, side: 224, seed: 2));
        AssertAnswers(mlContext, FewShotClassifiers.OfEmbeddings(mlContext, mlContext.Data.LoadFromEnumerable(pictures), folder["embedding.onnx"]), questions);
    }

    private static void AssertAnswers(MLContext mlContext, ITransformer classifier, FirstPipeline.ImageFile[] questions)
    {
        var scored = classifier.Transform(mlContext.Data.LoadFromEnumerable(questions));
        var answers = mlContext.Data.CreateEnumerable<FirstPipeline.ImagePrediction>(scored, reuseRowObject: false).Select(answer => answer.PredictedLabel);
        CollectionAssert.AreEqual(Array.ConvertAll(questions, question => question.Label), answers.ToArray());
    }

    private static FirstPipeline.ImageFile[] Rows(IEnumerable<string> files) =>
        [.. files.Select(file => new FirstPipeline.ImageFile { ImagePath = file, Label = Path.GetFileName(Path.GetDirectoryName(file))! })];
}
