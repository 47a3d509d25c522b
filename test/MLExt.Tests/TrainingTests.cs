using System.Diagnostics;
using System.Text.Json;
using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed class TrainingTests
{
    [TestMethod]
    public void AStopKeepsTheBestModel()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 40);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(6));
        var result = Tool.Run(stop.Token, "image-classification", "--dataset", folder["data"], "--train-time", "300", "--image-size", "16",
            "--output", folder["out"], "--json", folder["t.json"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["t.json"]));
        Assert.IsTrue(json.RootElement.GetProperty("isStopped").GetBoolean());
        Assert.IsLessThan(60, json.RootElement.GetProperty("seconds").GetDouble());
        Tool.Run("evaluate", "--model", folder["out", "model.zip"], "--dataset", folder["data"]).Expect(ExitCode.Success);
    }

    [TestMethod]
    public void AStopBeforeAnythingWasLearnedFailsAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        var result = Tool.Run(new CancellationToken(canceled: true), "image-classification", "--dataset", folder["data"], "--output", folder["out"])
            .Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "Stopped before there was a model to keep");
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }

    [TestMethod]
    public void TheWholeCommandEndsWithinTheTrainTime()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 40);
        const int Seconds = 20;
        var clock = Stopwatch.StartNew();
        Tool.Run("image-classification", "--dataset", folder["data"], "--train-time", $"{Seconds}", "--image-size", "16", "--output", folder["out"])
            .Expect(ExitCode.Success);
        Assert.IsLessThan(1.05 * Seconds, clock.Elapsed.TotalSeconds);
        Assert.IsGreaterThan(0.8 * Seconds, clock.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void AValidationDataSetIsMeasuredOnAndNothingIsHeldBack()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 8);
        TinyImages.WriteFolder(folder["more"], perClass: 5, seed: 2);
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--validation-dataset", folder["more"], "--epochs", "1",
            "--image-size", "16", "--output", folder["out"], "--json", folder["t.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "24 images in 3 classes to train on, 15 to measure on");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["t.json"]));
        Assert.AreEqual(15, json.RootElement.GetProperty("images").GetInt64());
    }

    [TestMethod]
    public void AValidationDataSetWithAnotherClassIsRefused()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 2);
        TinyImages.WriteFolder(folder["more"], perClass: 2, classes: 4);
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--validation-dataset", folder["more"], "--output", folder["out"])
            .Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "'white-cross'");
    }

    [TestMethod]
    public void ADamagedCheckpointIsNamedWithWhatToDo()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        File.WriteAllText(folder["c"], "no weights");
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--epochs", "1", "--image-size", "16", "--output", folder["out"], "--checkpoint", folder["c"])
            .Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, $"mlext: The checkpoint '{folder["c"]}' is damaged: ");
        StringAssert.Contains(result.Error, " Delete it, or name another file: ");
    }

    [TestMethod]
    public void ACheckpointThatCannotBeWrittenIsCalledAsItWasNamed()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--epochs", "1", "--image-size", "16", "--output", folder["out"], "--checkpoint", folder["no", "c"])
            .Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, $"mlext: The checkpoint '{folder["no", "c"]}' cannot be written, or another training writes it: ");
        Assert.IsFalse(result.Error.Contains(".lock", StringComparison.Ordinal), result.Error);
    }

    [TestMethod]
    public void OneClassIsRefused()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4, classes: 1);
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--output", folder["out"]).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "has the one class 'blue-diagonal'");
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }

    [TestMethod]
    public void ImagesThatAreAllDamagedAreRefused()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in TinyImages.WriteFolder(folder["data"], perClass: 2))
        {
            File.WriteAllText(file, "no picture");
        }

        Tool.Run("image-classification", "--dataset", folder["data"], "--output", folder["out"]).Expect(ExitCode.Failure);
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }

    [TestMethod]
    public void AnOutputThatCannotBeWrittenIsFoundBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 40);
        File.WriteAllText(folder["out"], "in the way");
        var clock = Stopwatch.StartNew();
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--output", folder["out"], "--train-time", "60").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "cannot be written");
        Assert.IsLessThan(5, clock.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void AGpuThatIsNotThereIsAFailureAndNotTheCpu()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 2);
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--gpu", "99", "--output", folder["out"]).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "99");
    }
}
