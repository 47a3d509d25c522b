using System.Text.Json;
using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed class TrainEvaluatePredictTests
{
    [TestMethod]
    public void TrainingWritesAModelAndPrintsItsMetrics()
    {
        var result = TrainedModel.Result.Expect(ExitCode.Success);
        Assert.IsTrue(File.Exists(TrainedModel.ModelFile));
        CollectionAssert.AreEqual((string[])["bars.consumption.cs", "bars.mbconfig", "bars.training.cs", "bars.zip"],
            Directory.GetFiles(Path.GetDirectoryName(TrainedModel.ModelFile)!).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        StringAssert.Contains(result.Output, "images in 3 classes");
        StringAssert.Contains(result.Output, "1 file that is not called as an image that is read is passed over");
        StringAssert.Contains(result.Output, "Metrics for bars multi-class classification model");
        StringAssert.Contains(result.Output, "MicroAccuracy = ");
        StringAssert.Contains(result.Output, TrainedModel.ModelFile);
        StringAssert.Contains(result.Error, "warning:");
    }

    [TestMethod]
    public void TheJsonOfATrainingHoldsTheRun()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(TrainedModel.Json));
        var root = json.RootElement;
        CheckFigures(root);
        Assert.AreEqual(121, root.GetProperty("trainingImages").GetInt32() + root.GetProperty("validationImages").GetInt32());
        Assert.AreEqual(7, root.GetProperty("seed").GetInt32());
        Assert.AreEqual("cpu", root.GetProperty("device").GetString());
        Assert.AreEqual(8, root.GetProperty("epochs").GetInt32());
        Assert.AreEqual(8, root.GetProperty("arguments").GetProperty("epochs").GetInt32());
        Assert.AreEqual("none", root.GetProperty("backbone").GetString());
        Assert.AreEqual("auto", root.GetProperty("arguments").GetProperty("backbone").GetString());
        Assert.AreEqual(1, root.GetProperty("skipped").GetInt64());
        Assert.IsFalse(root.GetProperty("isStopped").GetBoolean());
        Assert.IsTrue(root.GetProperty("versions").TryGetProperty("Microsoft.ML", out _));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void WhatATerminalWouldObeyInANameIsNotWritten()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Directory.GetFiles(TrainedModel.TestFolder, "*.png", SearchOption.AllDirectories)[0], folder["\u001b[2Ja.png"]);
        File.WriteAllText(folder["\u001b[2Jb.png"], "no image");
        var result = Tool.Run("predict", "--model", TrainedModel.ModelFile, folder["\u001b[2Ja.png"], folder["\u001b[2Jb.png"]);
        StringAssert.Contains(result.Output, "\uFFFD[2Ja.png: ");
        StringAssert.Contains(result.Error, "\uFFFD[2Jb.png' ");
        Assert.DoesNotContain("\u001b", result.Output + result.Error);
        var failed = Tool.Run("predict", "--verbose", "--model", folder["\u001b[2Jb.png"], folder["\u001b[2Ja.png"]);
        StringAssert.Contains(failed.Error, "   at ");
        Assert.DoesNotContain("\u001b", failed.Error);
    }

    [TestMethod]
    public void EvaluatingMeasuresOnNewImagesAndLearnsWhatWasDrawn()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", TrainedModel.TestFolder, "--json", folder["e.json"])
            .Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "Metrics for bars");
        StringAssert.Contains(result.Output, "red-upright");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        CheckFigures(json.RootElement);
        Assert.AreEqual(30, json.RootElement.GetProperty("images").GetInt64());
        Assert.AreEqual(0, json.RootElement.GetProperty("skipped").GetInt64());
        Assert.IsGreaterThan(0.8, json.RootElement.GetProperty("microAccuracy").GetDouble());
    }

    [TestMethod]
    public void EvaluatingCountsDamagedImages()
    {
        using var folder = new TemporaryFolder();
        Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", TrainedModel.TrainZip, "--json", folder["e.json"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.AreEqual(120, json.RootElement.GetProperty("images").GetInt64());
        Assert.AreEqual(1, json.RootElement.GetProperty("skipped").GetInt64());
    }

    [TestMethod]
    public void EvaluatingLeavesUnknownClassesOutAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 2, classes: 4);
        var result = Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", folder["data"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Error, "'white-cross'");
        Directory.Delete(folder["data", "red-upright"], recursive: true);
        Directory.Delete(folder["data", "green-level"], recursive: true);
        Directory.Delete(folder["data", "blue-diagonal"], recursive: true);
        Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", folder["data"]).Expect(ExitCode.Failure);
    }

    [TestMethod]
    public void PredictingPrintsTheMostProbableClasses()
    {
        using var folder = new TemporaryFolder();
        var images = Directory.GetFiles(TrainedModel.TestFolder, "000?.png", SearchOption.AllDirectories);
        string[] line = ["predict", "--model", TrainedModel.ModelFile, "--top", "2", "--json", folder["p.json"], .. images];
        var lines = Tool.Run(line).Expect(ExitCode.Success).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(30, lines.Length);
        var right = images.Zip(lines).Count(pair => pair.Second.StartsWith($"{pair.First}: {Path.GetFileName(Path.GetDirectoryName(pair.First))} "));
        Assert.IsGreaterThan(24, right);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
        var first = json.RootElement.GetProperty("predictions")[0];
        Assert.AreEqual(images[0], first.GetProperty("image").GetString());
        Assert.AreEqual(2, first.GetProperty("probabilities").GetArrayLength());
        Assert.AreEqual(first.GetProperty("predictedLabel").GetString(), first.GetProperty("probabilities")[0].GetProperty("name").GetString());
    }

    [TestMethod]
    public void AnImageThatCannotBeReadIsNamedAndTheOthersArePredicted()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.png"], "no picture");
        var good = Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories);
        var result = Tool.Run(["predict", "--model", TrainedModel.ModelFile, good[0], folder["bad.png"], folder["none.png"], good[1]])
            .Expect(ExitCode.Failure);
        Assert.AreEqual(2, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        StringAssert.Contains(result.Error, $"'{folder["bad.png"]}' is not an image");
        StringAssert.Contains(result.Error, $"'{folder["none.png"]}' cannot be read");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(200)]
    [DataRow(3000)]
    public void ADamagedModelFileIsRefusedByName(int kept)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["m.zip"], File.ReadAllBytes(TrainedModel.ModelFile)[..kept]);
        var result = Tool.Run("evaluate", "--model", folder["m.zip"], "--dataset", TrainedModel.TestFolder).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, folder["m.zip"]);
        StringAssert.Contains(result.Error, "is not a model that can be loaded");
    }

    private static void CheckFigures(JsonElement root)
    {
        foreach (var name in (string[])["microAccuracy", "macroAccuracy", "logLoss", "ece", "images", "skipped", "seconds"])
        {
            Assert.AreEqual(JsonValueKind.Number, root.GetProperty(name).ValueKind, name);
        }

        var classes = root.GetProperty("classes").EnumerateArray().ToArray();
        CollectionAssert.AreEqual(TinyImages.ClassNames.Take(3).ToArray(), classes.Select(c => c.GetProperty("name").GetString()).ToArray());
        Assert.AreEqual(root.GetProperty("images").GetInt64(), classes.Sum(c => c.GetProperty("count").GetInt64()));
        Assert.IsTrue(classes.All(c => c.TryGetProperty("precision", out _) && c.TryGetProperty("recall", out _)));
    }
}
