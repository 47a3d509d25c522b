using System.Text.Json;
using Microsoft.ML.TTT;
using MLExt.CodeGeneration;
using MLExtensions.Testing;

namespace MLExt.Tests.CodeGeneration;

[TestClass]
public sealed class GeneratedCodeTests
{
    private static readonly CodeSubject Flowers = new() { Name = "flowers", ModelFile = "flowers.zip", ImageFolder = "/data/flowers", Settings = new() };

    [TestMethod]
    public void TheFilesAreThoseOfModelBuilder() =>
        CollectionAssert.AreEqual((string[])["flowers.consumption.cs", "flowers.training.cs", "flowers.mbconfig"], GeneratedCode.For(Flowers).Select(f => f.Name).ToArray());

    [TestMethod]
    [DataRow("flowers", "Flowers")]
    [DataRow("model", "Model")]
    [DataRow("my flowers-2", "My_flowers_2")]
    [DataRow("1st", "_1st")]
    [DataRow("花", "花")]
    [DataRow("زهور", "زهور")]
    [DataRow("फूल की", "फूल_की")]
    [DataRow("e\u0301te\u0301", "\u00c9t\u00e9")]
    [DataRow("🌼", "__")]
    [DataRow("train", "TrainModel")]
    [DataRow("modelInput", "ModelInputModel")]
    [DataRow("path", "PathModel")]
    [DataRow("console", "ConsoleModel")]
    [DataRow("MLModels", "MLModelsModel")]
    public void TheClassHasTheNameOfTheModelUnlessThatMeansSomethingElse(string name, string expected)
    {
        if (name.Contains('\u0301')) Languages.Require();
        var subject = Flowers with { Name = name };
        Assert.AreEqual(expected, GeneratedCode.ClassName(subject));
        foreach (var file in GeneratedCode.For(subject).Take(2))
        {
            StringAssert.Contains(file.Text, $"public partial class {expected}\n");
        }
    }

    [TestMethod]
    public void OptionsThatWereChosenAreInThePipelineAndOthersAreNot()
    {
        var usual = Training(Flowers);
        StringAssert.Contains(usual, "Seed = 0,");
        foreach (var option in (string[])["TokenMixer =", "ImageSize =", "Epoch =", "TrainTime =", "GpuDeviceId ="])
        {
            Assert.DoesNotContain(option, usual);
        }

        var chosen = Training(Flowers with { Settings = new() { TokenMixer = TokenMixer.ViT3, ImageSize = 48, TrainTime = TimeSpan.FromSeconds(60), Seed = 5, Gpu = 1 } });
        foreach (var option in (string[])["TokenMixer = TokenMixer.ViT3,", "ImageSize = 48,", "TrainTime = TimeSpan.FromSeconds(60),", "Seed = 5,", "GpuDeviceId = 1,"])
        {
            StringAssert.Contains(chosen, option);
        }

        StringAssert.Contains(Training(Flowers with { Settings = new() { Epochs = 7 } }), "Epoch = 7,");
    }

    [TestMethod]
    public void QuotesInPathsAreEscaped() =>
        StringAssert.Contains(Training(Flowers with { ImageFolder = "/data/\"new\" C:\\flowers" }), "RetrainFilePath = @\"/data/\"\"new\"\" C:\\flowers\";");

    [TestMethod]
    public void TheConfigurationTellsTheRunTheDataAndThePipeline()
    {
        using var json = JsonDocument.Parse(GeneratedCode.For(Flowers with
        {
            Settings = new() { TrainTime = TimeSpan.FromSeconds(600), Gpu = 0 },
            MicroAccuracy = 0.9,
            Seconds = 598.2,
        })[2].Text);
        var root = json.RootElement;
        Assert.AreEqual("ImageClassification", root.GetProperty("Scenario").GetString());
        Assert.AreEqual(600, root.GetProperty("TrainingTime").GetInt32());
        Assert.AreEqual("/data/flowers", root.GetProperty("DataSource").GetProperty("FolderPath").GetString());
        Assert.AreEqual("LocalGPU", root.GetProperty("Environment").GetProperty("Type").GetString());
        var history = root.GetProperty("RunHistory");
        Assert.AreEqual(0.9, history.GetProperty("Trials")[0].GetProperty("Score").GetDouble());
        using var pipeline = JsonDocument.Parse(history.GetProperty("Pipeline").GetString()!);
        CollectionAssert.AreEqual((string[])["MapValueToKey", "TTTImageClassificationMulti", "MapKeyToValue"],
            pipeline.RootElement.EnumerateArray().Select(e => e.GetProperty("EstimatorType").GetString()).ToArray());
    }

    [TestMethod]
    [DataRow("MyApp", true)]
    [DataRow("My.App_2", true)]
    [DataRow("", false)]
    [DataRow("My App", false)]
    [DataRow("My.", false)]
    [DataRow("2d", false)]
    [DataRow("My.class", false)]
    public void ANamespaceIsCheckedAsTheCompilerDoes(string text, bool isValid) => Assert.AreEqual(isValid, ClassIdentifier.IsNamespace(text));

    private static string Training(CodeSubject subject) => GeneratedCode.For(subject)[1].Text;
}
