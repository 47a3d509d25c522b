using System.Text.Json;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.FewShot;

[TestClass]
public sealed class FewShotEvaluateTests
{
    [TestMethod]
    public void EvaluatingMeasuresOnSymbolsThatTrainingNeverSaw()
    {
        using var folder = new TemporaryFolder();
        var result = Evaluate("--ways", "6", "--shots", "2", "--queries", "3", "--tasks", "40", "--seed", "5", "--json", folder["e.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "40 tasks, inductive, 6-way 2-shot, 0 unlabelled and 3 queries a class, classes of a task from anywhere, seed 5");
        StringAssert.Contains(result.Output, "hyper-transformer");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        var root = json.RootElement;
        Assert.IsGreaterThan(0.5, root.GetProperty("accuracy").GetDouble());
        Assert.IsGreaterThan(0.0, root.GetProperty("confidence95").GetDouble());
        Assert.IsLessThan(0.1, root.GetProperty("confidence95").GetDouble());
        Assert.AreEqual(40, root.GetProperty("tasks").GetInt32());
        StringAssert.StartsWith(root.GetProperty("protocol").GetString(), "inductive, 6-way 2-shot");
        Assert.AreEqual(6, root.GetProperty("ways").GetInt32());
        Assert.AreEqual(2, root.GetProperty("shots").GetInt32());
        Assert.AreEqual(0, root.GetProperty("unlabeled").GetInt32());
        Assert.AreEqual(3, root.GetProperty("queries").GetInt32());
        Assert.AreEqual(5, root.GetProperty("seed").GetInt32());
        Assert.AreEqual(12, root.GetProperty("classes").GetInt32());
        Assert.AreEqual(96, root.GetProperty("images").GetInt32());
        Assert.AreEqual(0, root.GetProperty("baselines").GetArrayLength());
    }

    [TestMethod]
    public void EqualSeedsGiveEqualResultsAndOtherSeedsOtherTasks()
    {
        var first = Measured("--ways", "4", "--tasks", "20", "--seed", "1");
        Assert.AreEqual(first, Measured("--ways", "4", "--tasks", "20", "--seed", "1"));
        Assert.AreNotEqual(first, Measured("--ways", "4", "--tasks", "20", "--seed", "2"));
    }

    [TestMethod]
    public void BaselinesSolveTheSameTasks()
    {
        using var folder = new TemporaryFolder();
        var result = Evaluate("--ways", "4", "--tasks", "10", "--unlabelled", "1", "--baseline", "prototypical-network", "--baseline", "soft-k-means",
            "--baseline", "logistic-regression", "--json", folder["e.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "Less the first");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        var root = json.RootElement;
        var baselines = root.GetProperty("baselines").EnumerateArray().ToArray();
        CollectionAssert.AreEqual((string[])["prototypical-network", "soft-k-means", "logistic-regression"],
            baselines.Select(b => b.GetProperty("method").GetString()).ToArray());
        foreach (var baseline in baselines)
        {
            Assert.AreEqual(root.GetProperty("accuracy").GetDouble() + baseline.GetProperty("difference").GetDouble(), baseline.GetProperty("accuracy").GetDouble(), 1e-6);
        }
    }

    [TestMethod]
    public void AnotherModelSolvesTheSameTasksWithItsOwnMethod()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["train", "first"], symbols: 12, perSymbol: 6, alphabet: 11, hand: 1);
        Tool.Run("few-shot", "train", "--method", "lgm-net", "--dataset", folder["train"], "--output", folder["lgm.zip"], "--train-time", "2", "--channels", "4", "--ways", "5").Expect(ExitCode.Success);
        var result = Evaluate("--tasks", "10", "--baseline", folder["lgm.zip"], "--baseline", "prototypical-network", "--json", folder["e.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "lgm-net (lgm.zip)");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        var baselines = json.RootElement.GetProperty("baselines").EnumerateArray().ToArray();
        CollectionAssert.AreEqual((string[])["prototypical-network", "lgm-net (lgm.zip)"], baselines.Select(b => b.GetProperty("method").GetString()).ToArray());
        Assert.AreEqual(5, json.RootElement.GetProperty("ways").GetInt32());

        Tool.Run("few-shot", "evaluate", "--model", folder["lgm.zip"], "--dataset", TrainedGenerator.TestFolder, "--ways", "5", "--tasks", "10", "--json", folder["alone.json"]).Expect(ExitCode.Success);
        using var alone = JsonDocument.Parse(File.ReadAllText(folder["alone.json"]));
        Assert.AreEqual(alone.RootElement.GetProperty("accuracy").GetDouble(), baselines[1].GetProperty("accuracy").GetDouble());
    }

    [TestMethod]
    public void OtherClassesAreRejectedAndTheAccuracyStays()
    {
        using var folder = new TemporaryFolder();
        var result = Evaluate("--ways", "4", "--shots", "2", "--tasks", "10", "--unknown-ways", "2", "--json", folder["e.json"], "--report", folder["e.html"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "Against images of 2 other classes: AUROC ");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        var root = json.RootElement;
        Assert.AreEqual(2, root.GetProperty("unknownWays").GetInt32());
        Assert.IsGreaterThan(0.5, root.GetProperty("auroc").GetDouble());
        Assert.IsInRange(0, 1, root.GetProperty("falseRejections").GetDouble());
        Assert.AreEqual(Measured("--ways", "4", "--shots", "2", "--tasks", "10").Accuracy, root.GetProperty("accuracy").GetDouble());
        StringAssert.Contains(File.ReadAllText(folder["e.html"]), "AUROC against other classes");
        Evaluate("--ways", "4", "--tasks", "4", "--json", folder["plain.json"]).Expect(ExitCode.Success);
        using var plain = JsonDocument.Parse(File.ReadAllText(folder["plain.json"]));
        Assert.AreEqual(JsonValueKind.Null, plain.RootElement.GetProperty("auroc").ValueKind);
    }

    [TestMethod]
    public void WithinAGroupATaskCannotHaveMoreClassesThanTheGroup()
    {
        Evaluate("--ways", "6", "--tasks", "4", "--within-group").Expect(ExitCode.Success);
        Assert.AreNotEqual(Measured("--ways", "4", "--tasks", "20"), Measured("--ways", "4", "--tasks", "20", "--within-group"));
        var result = Evaluate("--ways", "4", "--shots", "4", "--queries", "5", "--tasks", "4", "--within-group").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "4 classes with at least 9");
    }

    [TestMethod]
    public void TooFewClassesAreCounted()
    {
        var result = Evaluate("--ways", "5", "--shots", "5", "--queries", "4", "--tasks", "4").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "5-way needs 5 classes with at least 9 images; the data has 0 such classes.");
    }

    [TestMethod]
    public void MoreWaysThanTheGeneratorCanAreRefused()
    {
        var result = Evaluate("--ways", "8", "--tasks", "4").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "8");
        StringAssert.Contains(result.Error, "6");
    }

    [TestMethod]
    public void WaysThatAreNotGivenAreNoMoreThanTheGeneratorCan()
    {
        StringAssert.Contains(Evaluate("--tasks", "4").Expect(ExitCode.Success).Output, "4 tasks, inductive, 6-way 1-shot");
        StringAssert.Contains(Evaluate("--ways", "20", "--tasks", "4").Expect(ExitCode.Failure).Error, "--ways must be at most 6, for which the model was trained; it is 20.");
    }

    [TestMethod]
    public void AnEvaluationThatIsStoppedGivesNoResult()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var result = Tool.Run(stop.Token, "few-shot", "evaluate", "--model", TrainedGenerator.ModelFile, "--dataset", TrainedGenerator.TestFolder, "--ways", "4")
            .Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "Stopped before all tasks were solved");
    }

    [TestMethod]
    public void AnotherKindOfModelIsRefusedByName()
    {
        var result = Tool.Run("few-shot", "evaluate", "--model", TrainedModel.ModelFile, "--dataset", TrainedGenerator.TestFolder).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, TrainedModel.ModelFile);
        StringAssert.Contains(result.Error, "not one that generates classifiers");
        var predicting = Tool.Run("predict", "--model", TrainedGenerator.ModelFile, "x.png").Expect(ExitCode.Failure);
        StringAssert.Contains(predicting.Error, TrainedGenerator.ModelFile);
        StringAssert.Contains(predicting.Error, "few-shot adapt");
    }

    private static (double Accuracy, double Interval) Measured(params string[] options)
    {
        using var folder = new TemporaryFolder();
        Evaluate([.. options, "--json", folder["e.json"]]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        return (json.RootElement.GetProperty("accuracy").GetDouble(), json.RootElement.GetProperty("confidence95").GetDouble());
    }

    private static ToolResult Evaluate(params string[] options) =>
        Tool.Run(["few-shot", "evaluate", "--model", TrainedGenerator.ModelFile, "--dataset", TrainedGenerator.TestFolder, .. options]);
}
