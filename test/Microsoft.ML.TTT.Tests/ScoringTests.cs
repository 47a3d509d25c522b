using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class ScoringTests
{
    [TestMethod]
    public void CursorsOnSeveralThreadsScoreTheSameBits()
    {
        using var trained = new TrainedModel();
        var view = trained.Transformer.Transform(trained.Data);
        var expected = DrawnImages.Bits(view);
        Parallel.For(0, 4, _ => Assert.AreEqual(expected, DrawnImages.Bits(view)));
    }

    [TestMethod]
    public void BatchedAndSingleScoresAgree()
    {
        using var trained = new TrainedModel();
        var pictures = DrawnImages.Pictures(48);
        var batched = trained.Transformer.Transform(trained.Data).GetColumn<float[]>("Score").ToArray();
        using var engine = trained.Context.Model.CreatePredictionEngine<DrawnImages.Picture, Scores>(trained.Transformer);
        for (var i = 0; i < pictures.Length; i++)
        {
            var single = engine.Predict(pictures[i]).Score;
            for (var k = 0; k < single.Length; k++)
            {
                // Products of matrices of other sizes add up in another order, which moves the last bits of a float.
                Assert.AreEqual(batched[i][k], single[k], 1e-5f);
            }
        }
    }

    [TestMethod]
    public void AMirroringModelScoresAnImageAsItsMirrorImage()
    {
        var context = new MLContext();
        var pictures = DrawnImages.Pictures(24);
        var data = DrawnImages.Keyed(context, pictures);
        var random = new Random(6);
        var rgba = TinyImages.Draw(0, DrawnImages.Side, random);
        byte[] mirrored = [.. rgba.Chunk(4 * DrawnImages.Side).SelectMany(row => row.Chunk(4).Reverse()).SelectMany(pixel => pixel)];
        var pair = context.Data.LoadFromEnumerable([Encoded(rgba), Encoded(mirrored)]);
        foreach (var isMirroring in new[] { true, false })
        {
            using var model = DrawnImages.Trainer(context, options => (options.Epoch, options.Recipe.TestTimeAugmentation) = (10, isMirroring)).Fit(data);
            var scores = model.Transform(pair).GetColumn<float[]>("Score").ToArray();
            Assert.AreEqual(isMirroring, Math.Abs(scores[0][0] - scores[1][0]) < 1e-6f);
        }
    }

    private static DrawnImages.Picture Encoded(byte[] rgba)
    {
        using var folder = new TemporaryFolder();
        TinyImages.Save(folder["image.png"], rgba, DrawnImages.Side);
        return new DrawnImages.Picture { Features = File.ReadAllBytes(folder["image.png"]) };
    }

    [TestMethod]
    public void AModelCanBeCrossValidatedAndEvaluated()
    {
        var context = new MLContext(seed: 1);
        var data = DrawnImages.Keyed(context, DrawnImages.Pictures(60));
        var results = context.MulticlassClassification.CrossValidate(data, DrawnImages.Trainer(context, options => options.Epoch = 1), numberOfFolds: 2);
        Assert.HasCount(2, results);
        foreach (var result in results)
        {
            Assert.IsTrue(double.IsFinite(result.Metrics.LogLoss));
            (result.Model as IDisposable)?.Dispose();
        }
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
