using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class EndToEndTests
{
    [TestMethod]
    public void APipelineLearnsDrawnPicturesAndPredictsThem()
    {
        var context = new MLContext(seed: 1);
        var train = context.Data.LoadFromEnumerable(DrawnImages.Pictures(240));
        var test = context.Data.LoadFromEnumerable(DrawnImages.Pictures(60, seed: 2));
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(DrawnImages.Trainer(context, options => options.Epoch = 8))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(train);

        var metrics = context.MulticlassClassification.Evaluate(model.Transform(test));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        Assert.IsLessThan(0.9, metrics.LogLoss);

        using var folder = new TemporaryFolder();
        context.Model.Save(model, train.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out var schema);
        Assert.AreEqual("Features", schema["Features"].Name);
        Assert.AreEqual(DrawnImages.Bits(model.Transform(test)), DrawnImages.Bits(loaded.Transform(test)));

        using var engine = context.Model.CreatePredictionEngine<DrawnImages.Picture, Prediction>(loaded);
        var right = 0;
        foreach (var picture in DrawnImages.Pictures(30, seed: 3))
        {
            var prediction = engine.Predict(picture);
            Assert.AreEqual(1f, prediction.Score.Sum(), 1e-5f);
            right += prediction.PredictedLabel == picture.Name ? 1 : 0;
        }

        Assert.IsGreaterThan(26, right);
        (loaded as IDisposable)?.Dispose();
    }

    internal sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
