using System.Text.Json;
using MLExt.Commands.FewShot;
using MLExt.Reports;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.FewShot;

[TestClass]
public sealed class FewShotTrainTests
{
    [TestMethod]
    public void TrainingWritesAGeneratorAndSaysHowGoodItIs()
    {
        var result = TrainedGenerator.Result.Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "300 images in 30 classes.");
        StringAssert.Contains(result.Output, "Right answers on tasks of classes held out: ");
        StringAssert.Contains(result.Output, $"The model is in {TrainedGenerator.ModelFile}");
        Assert.AreEqual(1, Directory.GetFiles(Path.GetDirectoryName(TrainedGenerator.ModelFile)!).Length);
    }

    [TestMethod]
    public void TheJsonOfATrainingHoldsTheRun()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(TrainedGenerator.Json));
        var root = json.RootElement;
        Assert.AreEqual(TrainedGenerator.ModelFile, root.GetProperty("model").GetString());
        Assert.AreEqual("hyper-transformer", root.GetProperty("method").GetString());
        Assert.AreEqual(6, root.GetProperty("maxWays").GetInt32());
        Assert.AreEqual(28, root.GetProperty("imageSize").GetInt32());
        Assert.AreEqual(8, root.GetProperty("channels").GetInt32());
        Assert.AreEqual(0, root.GetProperty("generatedConvolutions").GetInt32());
        Assert.AreEqual(3, root.GetProperty("arguments").GetProperty("shots").GetInt32());
        Assert.AreEqual(300, root.GetProperty("images").GetInt32());
        Assert.AreEqual(30, root.GetProperty("classes").GetInt32());
        Assert.AreEqual(0, root.GetProperty("skipped").GetInt32());
        Assert.AreEqual(7, root.GetProperty("seed").GetInt32());
        Assert.AreEqual("cpu", root.GetProperty("device").GetString());
        Assert.IsFalse(root.GetProperty("isStopped").GetBoolean());
        Assert.IsTrue(root.GetProperty("versions").TryGetProperty("Microsoft.ML.FewShot", out _));
        Assert.IsGreaterThan(1, root.GetProperty("stages").GetArrayLength());
        Assert.IsTrue(root.GetProperty("stages").EnumerateArray().All(stage => stage.GetProperty("steps").GetInt64() > 0));
        Assert.IsGreaterThan(0.5, root.GetProperty("validationAccuracy").GetDouble());
        Assert.IsGreaterThan(0.0, root.GetProperty("seconds").GetDouble());
    }

    [TestMethod]
    [DataRow("prototypical-network")]
    [DataRow("maml")]
    [DataRow("lgm-net")]
    public void ABaselineIsTrainedAndMeasuredInTheSameWay(string method)
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["train"], symbols: 10, perSymbol: 8, alphabet: 15, hand: 1);
        Tool.Run("few-shot", "train", "--dataset", folder["train"], "--output", folder["m.zip"], "--method", method, "--train-time", "3", "--channels", "4",
            "--ways", "4", "--shots", "2", "--json", folder["m.json"], "--report", folder["m.html"]).Expect(ExitCode.Success);
        using (var json = JsonDocument.Parse(File.ReadAllText(folder["m.json"])))
        {
            Assert.AreEqual(method, json.RootElement.GetProperty("arguments").GetProperty("method").GetString());
            Assert.AreEqual(JsonValueKind.Null, json.RootElement.GetProperty("generatedConvolutions").ValueKind);
        }

        Assert.IsFalse(File.ReadAllText(folder["m.html"]).Contains("Generated convolutions", StringComparison.Ordinal));
        var result = Tool.Run("few-shot", "evaluate", "--model", folder["m.zip"], "--dataset", TrainedGenerator.TestFolder, "--ways", "4", "--tasks", "5", "--unlabeled", "1")
            .Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, method);
        StringAssert.Contains(result.Error, $"examples without a label have no part in the classifiers of {method}.");
    }

    [TestMethod]
    public void AllLayersCanBeGenerated()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["train"], symbols: 10, perSymbol: 8, alphabet: 15, hand: 1);
        Tool.Run("few-shot", "train", "--dataset", folder["train"], "--output", folder["m.zip"], "--generate", "all", "--train-time", "3", "--channels", "4",
            "--ways", "4", "--shots", "2", "--json", folder["j.json"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["j.json"]));
        Assert.AreEqual(4, json.RootElement.GetProperty("generatedConvolutions").GetInt32());
    }

    [TestMethod]
    public void AStopKeepsTheBestModelOrSaysThatThereIsNone()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var result = Tool.Run(stop.Token, "few-shot", "train", "--dataset", TrainedGenerator.TestFolder, "--output", folder["m.zip"], "--train-time", "60",
            "--ways", "4", "--shots", "2").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "Stopped before there was a model to keep.");
        Assert.AreEqual(0, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void ADamagedCheckpointIsNamedWithWhatToDo()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["train"], symbols: 10, perSymbol: 8, alphabet: 15, hand: 1);
        File.WriteAllText(folder["c.together"], "no weights");
        var result = Tool.Run("few-shot", "train", "--dataset", folder["train"], "--output", folder["m.zip"], "--method", "lgm-net", "--train-time", "3", "--channels", "4",
            "--ways", "4", "--shots", "2", "--checkpoint", folder["c"]).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, $"mlext: The checkpoint '{folder["c.together"]}' is damaged: ");
        StringAssert.Contains(result.Error, " Delete it, or name another file: ");
    }

    [TestMethod]
    [DataRow(float.NaN, null, "tasks, step 50")]
    [DataRow(float.NaN, 0.5, "tasks, step 50, best validation 0.500")]
    [DataRow(0.25f, 0.5, "tasks, step 50, loss 0.250, best validation 0.500")]
    public void WhereNoStepWasMadeNoLossIsShown(float loss, double? validation, string shown) =>
        Assert.AreEqual(shown, FewShotTrainingView.Line(new StageFigures("tasks", 50, validation), loss));

    [TestMethod]
    public void WithTooFewClassesToValidateThatIsToldInTheWordsOfTheCommandLine()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["train"], symbols: 10, perSymbol: 8, alphabet: 15, hand: 1);
        var result = Tool.Run("few-shot", "train", "--dataset", folder["train"], "--output", folder["m.zip"], "--train-time", "2", "--channels", "4", "--ways", "4", "--shots", "2")
            .Expect(ExitCode.Success);
        StringAssert.Contains(result.Error, "warning: Nothing is validated, and the last weights are kept: of 10 classes 1 is held out, and a validation needs 2 with at least 2 images. ");
    }

    [TestMethod]
    public void TooFewClassesForTheWaysAreCounted()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["train"], symbols: 6, perSymbol: 8, alphabet: 15, hand: 1);
        var result = Tool.Run("few-shot", "train", "--dataset", folder["train"], "--output", folder["m.zip"], "--ways", "20").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "20-way needs 20 classes");
        Assert.IsFalse(File.Exists(folder["m.zip"]));
    }
}
