using Microsoft.ML;
using Microsoft.ML.TTT;
using MLExtensions.Testing;

namespace MLExt.Tests.Models;

[TestClass]
public sealed class LoadedModelTests
{
    [TestMethod]
    public void AModelThatCallsItsImageColumnOtherwiseIsUsedToo()
    {
        using var folder = new TemporaryFolder();
        var images = TinyImages.WriteFolder(folder["data"], perClass: 6);
        var context = new MLContext(seed: 1);
        var data = context.Data.LoadFromEnumerable(images.Select(file => new Row(Path.GetFileName(Path.GetDirectoryName(file))!, File.ReadAllBytes(file))).ToArray());
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
            {
                FeatureColumnName = "Photo",
                Epoch = 1,
                ImageSize = 16,
                ValidationSetFraction = 0,
            }))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using (var model = (IDisposable)pipeline.Fit(data))
        {
            context.Model.Save((ITransformer)model, data.Schema, folder["m.zip"]);
        }

        Assert.Contains($"{images[0]}: ", Tool.Run("predict", "--model", folder["m.zip"], images[0]).Expect(ExitCode.Success).Output);
        Tool.Run("evaluate", "--model", folder["m.zip"], "--dataset", folder["data"]).Expect(ExitCode.Success);
    }

    [TestMethod]
    public void AModelForOtherDataIsRefusedWithWhatItTakes()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(new[] { new TextRow { Label = "a" } });
        context.Model.Save(context.Transforms.Conversion.MapValueToKey("Label").Fit(data), data.Schema, folder["m.zip"]);
        var result = Tool.Run("predict", "--model", folder["m.zip"], "x.png").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "not one for image files");
        StringAssert.Contains(result.Error, "Label: String");
    }

    [TestMethod]
    public void AModelThatDoesNotClassifyIsRefusedWithWhatItGives()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(new[] { new Row("a", []) });
        context.Model.Save(context.Transforms.Conversion.MapValueToKey("Label").Fit(data), data.Schema, folder["m.zip"]);
        var result = Tool.Run("predict", "--model", folder["m.zip"], "x.png").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "not a classifier");
        StringAssert.Contains(result.Error, "Score");
    }

    private sealed class Row(string label, byte[] photo)
    {
        public string Label { get; } = label;

        public byte[] Photo { get; } = photo;
    }

    private sealed class TextRow
    {
        public string Label { get; set; } = "";
    }
}
