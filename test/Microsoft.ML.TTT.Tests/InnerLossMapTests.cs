
namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class InnerLossMapTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(TokenMixer.TttLinear, 2, 1)]
    [DataRow(TokenMixer.TttMlp, 2, 4)]
    [DataRow(TokenMixer.ViT3, 3, 1)]
    public void EveryHeadOfEveryBlockHasAMapOfTheImage(TokenMixer mixer, int heads, int steps)
    {
        var picture = DrawnImages.Pictures(1)[0].Features;
        using var model = Fit(options => (options.TokenMixer, options.InnerLoop.Steps, options.InnerLoop.StepSize, options.Model.Depth, options.Model.MixerBlocks) = (mixer, steps, 0.5f, 2, []));

        var maps = _context.Model.InnerLoss(model, picture);

        CollectionAssert.AreEqual(Enumerable.Range(0, 2 * heads).Select(i => (i / heads, i % heads)).ToArray(), maps.Select(map => (map.Block, map.Head)).ToArray());
        foreach (var map in maps)
        {
            Assert.AreEqual((4, steps, mixer), (map.GridSide, map.Steps, map.TokenMixer));
            var (reduction, before, after) = (map.Reduction(), map.After(0).ToArray(), map.After(steps).ToArray());
            CollectionAssert.AreEqual(before.Zip(after, (x, y) => x - y).ToArray(), reduction);
            Assert.AreEqual(before.Average(), map.MeanAfter(0), 1e-6);
            Assert.IsLessThan(map.MeanAfter(0), map.MeanAfter(steps), $"block {map.Block}, head {map.Head}");
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => map.MeanAfter(steps + 1));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => map.MeanAfter(-1));
            Assert.IsGreaterThan(100, ModelExplanation.DrawContributions(picture, reduction).Length);
        }
    }

    [TestMethod]
    public void AChainThatWasSavedGivesTheSameMaps()
    {
        var picture = DrawnImages.Pictures(1)[0].Features;
        using var model = Fit(options => options.TokenMixer = TokenMixer.TttMlp);
        var chain = model.Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(Data)));
        using var file = new MemoryStream();
        _context.Model.Save(chain, Data.Schema, file);
        file.Position = 0;
        var loaded = _context.Model.Load(file, out _);
        var (expected, actual) = (_context.Model.InnerLoss(model, picture), _context.Model.InnerLoss(loaded, picture));
        Assert.HasCount(expected.Count, actual);
        for (var i = 0; i < actual.Count; i++)
        {
            CollectionAssert.AreEqual(expected[i].Reduction(), actual[i].Reduction());
        }

        (loaded as IDisposable)!.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => _context.Model.InnerLoss(loaded, picture));
    }

    [TestMethod]
    public void WhatHasNoMapsIsRefused()
    {
        var picture = DrawnImages.Pictures(1)[0].Features;
        using var model = Fit(options => options.TokenMixer = TokenMixer.SoftmaxAttention);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.InnerLoss(model, picture)).Message, "no token mixer that learns in steps");
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.InnerLoss(model, "text"u8)).Message, "it has SoftmaxAttention");
        using var learner = Fit(options => options.TokenMixer = TokenMixer.TttLinear);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _context.Model.InnerLoss(learner, picture.AsSpan(0, 40))).Message, "The image cannot be decoded");
        var none = _context.Transforms.CopyColumns("Copy", "Label").Fit(Data);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.InnerLoss(none, picture)).Message, "it has 0 among (ColumnCopyingTransformer)");
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Model.InnerLoss(null!, picture));
    }

    private IDataView Data => DrawnImages.Keyed(_context, DrawnImages.Pictures(24));

    private TTTImageClassificationTransformer Fit(Action<TTTImageClassificationTrainer.Options> change) => DrawnImages.Trainer(_context, change).Fit(Data);
}
