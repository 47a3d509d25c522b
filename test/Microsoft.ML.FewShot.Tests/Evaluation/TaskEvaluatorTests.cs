using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Evaluation;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Evaluation;

/// <summary>Which tasks an evaluation draws, and what it makes of the answers.</summary>
[TestClass]
public class TaskEvaluatorTests
{
    private static FewShotEvaluationOptions FiveWay => new() { Ways = 5, Shots = 2, Queries = 3, Tasks = 8, Seed = 1 };

    [TestMethod]
    public void TheIntervalIs196StandardErrorsOfTheMean()
    {
        var scores = new TaskScores([0.2, 0.4, 0.9]);
        Assert.AreEqual(0.5, scores.Accuracy, 1e-15);
        // The squares of the deviations sum to 0.26; the sample variance divides by 2.
        Assert.AreEqual(1.96 * Math.Sqrt(0.13 / 3), scores.ConfidenceHalfWidth95, 1e-15);
    }

    [TestMethod]
    public void DifferencesAreTakenTaskByTask()
    {
        var better = new TaskScores([0.3, 0.5, 1.0]);
        var (mean, confidence) = better.Less(new TaskScores([0.2, 0.4, 0.9]));
        Assert.AreEqual(0.1, mean, 1e-15);
        Assert.AreEqual(0, confidence, 1e-15);
        Assert.ThrowsExactly<ArgumentException>(() => better.Less(new TaskScores([0.2, 0.4])));
    }

    [TestMethod]
    public void TheAccuracyIsTheShareOfRightAnswersInEachTask()
    {
        var scores = Measure(new RecordingSolver(rightTasks: 2), NumberedClasses.Of(9, 6), FiveWay);
        CollectionAssert.AreEqual(new[] { 1, 1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2 }, scores.Accuracies.ToArray());
        Assert.AreEqual(0.4, scores.Accuracy, 1e-15);
    }

    [TestMethod]
    public void ScoresThatAreNoNumbersAreNoPercentage()
    {
        var refused = Assert.ThrowsExactly<InvalidOperationException>(() => Measure(new RecordingSolver(scale: float.NaN), NumberedClasses.Of(9, 6), FiveWay));
        Assert.StartsWith("The scores of a task are no numbers", refused.Message);
    }

    [TestMethod]
    public void EqualSeedsDrawEqualTasksAndOthersOthers()
    {
        var (first, second, other) = (new RecordingSolver(), new RecordingSolver(), new RecordingSolver());
        var pool = NumberedClasses.Of(9, 6);
        Measure(first, pool, FiveWay);
        Measure(second, pool, FiveWay);
        Measure(other, pool, With(options => options.Seed = 2));
        for (var task = 0; task < 8; task++)
        {
            CollectionAssert.AreEqual(first.Supports[task], second.Supports[task]);
            CollectionAssert.AreEqual(first.Queries[task], second.Queries[task]);
            CollectionAssert.AreNotEqual(first.Supports[task], other.Supports[task]);
        }
    }

    [TestMethod]
    public void ALongerEvaluationBeginsWithTheSameTasks()
    {
        var (shorter, longer) = (new RecordingSolver(), new RecordingSolver());
        var pool = NumberedClasses.Of(9, 6);
        Measure(shorter, pool, With(options => options.Tasks = 2));
        Measure(longer, pool, FiveWay);
        CollectionAssert.AreEqual(shorter.Queries[1], longer.Queries[1]);
    }

    [TestMethod]
    public void SupportAndQueriesOfATaskAreDifferentExamples()
    {
        var solver = new RecordingSolver();
        Measure(solver, NumberedClasses.Of(5, 6), With(options => options.Unlabeled = 1));
        foreach (var (support, query) in solver.Supports.Zip(solver.Queries))
        {
            var examples = support.Chunk(2).Concat(query.Chunk(2)).Select(row => (row[0], row[1])).ToArray();
            Assert.AreEqual(30, examples.Length);
            Assert.AreEqual(30, examples.Distinct().Count());
        }
    }

    [TestMethod]
    public void WithinGroupsAllClassesOfATaskAreOfOneGroup()
    {
        var (within, across) = (new RecordingSolver(), new RecordingSolver());
        var pool = NumberedClasses.Of(24, 6, groups: 3);
        Measure(within, pool, With(options => options.WithinGroup = true));
        Measure(across, pool, FiveWay);

        Assert.IsTrue(within.Supports.All(support => Groups(support).Count() == 1));
        Assert.IsTrue(within.Supports.SelectMany(Groups).Distinct().Count() > 1, "more than one group is used");
        Assert.IsTrue(across.Supports.Any(support => Groups(support).Count() > 1));

        static IEnumerable<int> Groups(double[] support) => support.Chunk(2).Select(row => (int)row[0] % 3).Distinct();
    }

    [TestMethod]
    public void TooFewClassesAreCountedAndTold()
    {
        string[] names = [.. Enumerable.Range(0, 30).Select(number => $"{number}")];
        var builder = new ExamplePoolBuilder(ExampleShape.Images(1, 2), names);
        for (var number = 0; number < 30; number++)
        {
            for (var example = 0; example < (number < 14 ? 6 : 5); example++)
            {
                builder.Add(number, (ReadOnlySpan<byte>)[1, 2, 3, 4]);
            }
        }

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Measure(new RecordingSolver(), builder.Build(), new FewShotEvaluationOptions { Ways = 20, Shots = 1, Queries = 5 }));
        Assert.AreEqual("20-way needs 20 classes with at least 6 images; the data has 14 such classes. In a task a class has 1 in the support set and 5 among the queries.", error.Message);
    }

    [TestMethod]
    public void TooFewClassesInEveryGroupAreTold()
    {
        var pool = NumberedClasses.Of(12, 6, groups: 3);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Measure(new RecordingSolver(), pool, With(options => options.WithinGroup = true)));
        StringAssert.StartsWith(error.Message, "5-way needs 5 classes with at least 5 examples in one group");
    }

    [TestMethod]
    public void ProgressCountsTasksAndCancellationEndsThem()
    {
        using var cancellation = new CancellationTokenSource();
        var done = new List<int>();
        void Progress(int count)
        {
            done.Add(count);
            if (count == 3)
            {
                cancellation.Cancel();
            }
        }

        Assert.ThrowsExactly<OperationCanceledException>(() => Measure(new RecordingSolver(), NumberedClasses.Of(9, 6), With(options => options.CancellationToken = cancellation.Token), Progress));
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, done);
    }

    private static FewShotEvaluationOptions With(Action<FewShotEvaluationOptions> change)
    {
        var options = FiveWay;
        change(options);
        return options;
    }

    private static TaskScores Measure(ITaskSolver solver, ExamplePool pool, FewShotEvaluationOptions options, Action<int>? progress = null) =>
        TaskEvaluator.Measure(solver, pool, ExampleScale.Measure(pool), options, CPU, progress);
}
