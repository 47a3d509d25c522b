using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class LogitsGeneratorTests
{
    private const int F = 5;
    private static readonly FewShotShape Shape = new() { ImageSize = 0, FeatureLength = F, MaxWays = 4, EncoderWidth = 8 };
    private static readonly int[] TwoShots = [0, 1, 2, 0, 1, 2];

    [TestMethod]
    public void NewGeneratorIsThePrototypicalNetwork()
    {
        using var scope = NewDisposeScope();
        using var generator = Create(Shape, isAwake: false);
        var (support, query) = (Embeddings(1, 1, 6), Embeddings(2, 1, 7));
        generator.SetInput(Embeddings(3, 1, 1).view(F), 0.3);
        var means = stack([.. Enumerable.Range(0, 3).Select(way => support.select(1, way).Add(support.select(1, way + 3)).Div(2))], 1);      // [1, 3, F]
        var distances = query.unsqueeze(2).sub(means.unsqueeze(1)).Square().sum(3);
        TensorAssert.AreClose(distances.Mul(-0.3).softmax(2), Scores(generator, support, Tasks.Candidates(3, TwoShots), query), 1e-12, "probabilities");
    }

    [TestMethod]
    public void SoftKMeansIsWhatTheRecipeSays()
    {
        using var scope = NewDisposeScope();
        using var means = new SoftKMeans(2);
        means.to(ScalarType.Float64);
        double[] logTemperatures = [-0.7, 0.2], logWeights = [1.1, -0.3];
        using (no_grad())
        {
            var parameters = means.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
            parameters["log_temperature"].copy_(tensor(logTemperatures));
            parameters["log_weight"].copy_(tensor(logWeights));
        }

        int[] classes = [0, 1, 1, Tasks.Open, Tasks.Open, Tasks.Absent];
        var embeddings = Embeddings(1, 1, classes.Length);
        var actual = means.Means(embeddings, Tasks.Labels(Double(Tasks.Candidates(2, classes))), TensorArithmetic.Full([1], 0.4, ScalarType.Float64));
        var expected = SlowSoftKMeans(TensorAssert.ToArray(embeddings), classes, 0.4, logTemperatures, logWeights);
        TensorAssert.AreClose(tensor(expected, [1, 2, F]), actual, 1e-13, "means");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void OrderOfTheSupportDoesNotMatter(bool isPaper)
    {
        using var scope = NewDisposeScope();
        using var generator = Create(isPaper ? Paper : Shape);
        int[] classes = [0, 1, 2, 0, Tasks.Open, 1, Tasks.Open, 2];
        int[] order = [3, 6, 0, 5, 7, 1, 4, 2];
        var (support, query) = (Embeddings(1, 1, 8), Embeddings(2, 1, 4));
        var turned = support.index_select(1, tensor(order.Select(row => (long)row).ToArray()));
        var expected = Scores(generator, support, Tasks.Candidates(3, classes), query);
        TensorAssert.AreClose(expected, Scores(generator, turned, Tasks.Candidates(3, [.. order.Select(row => classes[row])]), query), 1e-13, "probabilities");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void AbsentSampleIsAsIfItWereNotThere(bool isPaper)
    {
        using var scope = NewDisposeScope();
        using var generator = Create(isPaper ? Paper : Shape);
        var (support, query) = (Embeddings(1, 1, 6), Embeddings(2, 1, 4));
        var with = cat([support.narrow(1, 0, 4), Embeddings(3, 1, 2).Mul(100), support.narrow(1, 4, 2)], 1);
        int[] masked = [0, 1, 2, Tasks.Open, Tasks.Absent, Tasks.Absent, 0, 1];
        var expected = Scores(generator, support, Tasks.Candidates(3, [0, 1, 2, Tasks.Open, 0, 1]), query);
        TensorAssert.AreClose(expected, Scores(generator, with, Tasks.Candidates(3, masked), query), 1e-13, "probabilities");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void AbsentClassTakesNoPart(bool isPaper)
    {
        using var scope = NewDisposeScope();
        using var generator = Create(isPaper ? Paper : Shape);
        var (support, query) = (Embeddings(1, 1, 5), Embeddings(2, 1, 4));
        int[] classes = [0, 1, 1, Tasks.Open, 0];
        var expected = Scores(generator, support, Tasks.Candidates(2, classes), query);
        var actual = Scores(generator, support, Tasks.Candidates(4, classes), query);
        TensorAssert.AreClose(expected, actual.narrow(2, 0, 2), 1e-13, "the classes that are there");
        TensorAssert.AreClose(zeros([1, 4, 2], ScalarType.Float64), actual.narrow(2, 2, 2), 0, "the others");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TasksTogetherAreTasksOneByOne(bool isPaper)
    {
        using var scope = NewDisposeScope();
        using var generator = Create(isPaper ? Paper : Shape);
        int[][] classes = [[0, 1, 2, 0, Tasks.Open, 1], [1, 0, 3, Tasks.Open, Tasks.Absent, 2], [2, 1, 1, 1, 1, 0]];
        var (support, query) = (Embeddings(1, 3, 6), Embeddings(2, 3, 4));
        var rows = tensor(new long[] { 3, 1, 0, 2, 0, 1, 2, 3, 1, 0, 3, 2 }).view(3, 4);
        var together = Scores(generator, support, Tasks.Candidates(4, classes), query, rows);
        for (int task = 0; task < 3; task++)
        {
            var alone = Scores(generator, support.narrow(0, task, 1), Tasks.Candidates(4, classes[task]), query.narrow(0, task, 1), rows.narrow(0, task, 1));
            TensorAssert.AreClose(alone, together.narrow(0, task, 1), 1e-13, $"task {task}");
        }
    }

    [TestMethod]
    public void CandidatesOfAllClassesAreNoLabelAndFewerAreMore()
    {
        using var scope = NewDisposeScope();
        var labels = Tasks.Labels(Tasks.Candidates(3, [0, 1, Tasks.Open, 2]));
        CollectionAssert.AreEqual(new double[] { 0, 0, 1, 0 }, TensorAssert.ToArray(labels.Unlabeled));
        var table = tensor(new float[] { 1, 10, 100, 1000, -1 }, [5, 1]);
        CollectionAssert.AreEqual(new double[] { 1, 10, -1, 100 }, TensorAssert.ToArray(labels.CodesOf(table)));

        var partial = Tasks.Candidates(3, [0, 1, Tasks.Open, 2]);
        partial[0, 2].narrow(0, 1, 1).zero_();          // classes 0 and 2 remain
        CollectionAssert.AreEqual(new double[] { 1, 10, 50.5, 100 }, TensorAssert.ToArray(Tasks.Labels(partial).CodesOf(table)));
        var rows = tensor(new long[] { 3, 1, 0 }).view(1, 3);
        CollectionAssert.AreEqual(new double[] { 1000, 10, 500.5, 1 }, TensorAssert.ToArray(Tasks.Labels(partial, rows).CodesOf(table)));
    }

    [TestMethod]
    public void PartialLabelKeepsASampleOutOfTheOtherClasses()
    {
        using var scope = NewDisposeScope();
        using var generator = Create(Shape, isAwake: false);
        var support = Embeddings(1, 1, 4);
        var near = cat([support.narrow(1, 0, 3), support.narrow(1, 1, 1).Mul(1.1)], 1);       // a sample beside class 1
        var candidates = Tasks.Candidates(3, [0, 1, 2, 0]);
        candidates[0, 3].narrow(0, 2, 1).Fill_(1);                                             // it is said to be of class 0 or 2
        var (weight, _) = generator.Generate(near, Tasks.Labels(Double(candidates)), null);
        var (without, _) = generator.Generate(near.narrow(1, 0, 3), Tasks.Labels(Double(candidates.narrow(1, 0, 3))), null);
        TensorAssert.AreClose(without.narrow(1, 1, 1), weight.narrow(1, 1, 1), 1e-12, "class 1");
        Assert.IsTrue(TensorAssert.RelativeError(without, weight) > 0.01);
    }

    [TestMethod]
    public void ClassKnownOnlyByPartialLabelsStartsAtTheirMean()
    {
        using var scope = NewDisposeScope();
        using var means = new SoftKMeans(0);
        means.to(ScalarType.Float64);
        var candidates = Tasks.Candidates(2, [0, 0]);
        candidates[0, 1].Fill_(1);
        var embeddings = Embeddings(1, 1, 2);
        var found = means.Means(embeddings, Tasks.Labels(Double(candidates)), ones([1], ScalarType.Float64));
        TensorAssert.AreClose(embeddings, found, 1e-15, "means");
    }

    [TestMethod]
    public void OnlyTheResultIsLeftOfACall()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new[] { Shape, Paper })
        {
            using var generator = Create(shape);
            var support = Embeddings(1, 1, 6);
            var labels = Tasks.Labels(Double(Tasks.Candidates(3, TwoShots)));
            TensorLedger.Leaves(2, () => generator.Generate(support, labels, null));
        }
    }

    private static FewShotShape Paper => Shape with { Design = FewShotDesign.Paper, PreNorm = false, LabelWidth = 6 };

    private static LogitsGenerator Create(FewShotShape shape, bool isAwake = true)
    {
        var generator = new LogitsGenerator(shape, new Random(1));
        if (isAwake)
        {
            Tasks.Awaken(generator, 7);
        }

        generator.to(ScalarType.Float64);
        return generator;
    }

    private static Tensor Embeddings(int seed, int tasks, int rows) => Double(Drawn.Normal(seed, tasks, rows, F));

    private static Tensor Double(Tensor x) => x.to(ScalarType.Float64);

    private static Tensor Scores(LogitsGenerator generator, Tensor support, Tensor candidates, Tensor query, Tensor? rows = null)
    {
        var (weight, bias) = generator.Generate(support, Tasks.Labels(Double(candidates), rows), null);
        return LogitsGenerator.Logits(query, weight, bias).softmax(2);
    }

    // r_ic = softmax_c(t_s tau (2 e_i.p_c - |p_c|^2)), p_c = (labelled sum + w_s sum_i r_ic e_i) / (n_labelled + w_s sum_i r_ic), loop by loop.
    private static double[] SlowSoftKMeans(double[] embeddings, int[] classes, double tau, double[] logTemperatures, double[] logWeights)
    {
        double[] Row(int row) => embeddings[(row * F)..((row + 1) * F)];
        var labeled = Enumerable.Range(0, classes.Length).Where(row => classes[row] >= 0).ToArray();
        var open = Enumerable.Range(0, classes.Length).Where(row => classes[row] == Tasks.Open).ToArray();
        var means = Enumerable.Range(0, 2).Select(way => Mean(labeled.Where(row => classes[row] == way).Select(row => (1.0, Row(row))))).ToArray();
        for (int step = 0; step < logTemperatures.Length; step++)
        {
            var shares = open.ToDictionary(row => row, row =>
            {
                var raw = means.Select(mean => Math.Exp(Math.Exp(logTemperatures[step]) * tau * mean.Zip(Row(row), (p, e) => 2 * p * e - p * p).Sum())).ToArray();
                return raw.Select(value => value / raw.Sum()).ToArray();
            });
            double weight = Math.Exp(logWeights[step]);
            means = [.. Enumerable.Range(0, 2).Select(way => Mean(
                labeled.Where(row => classes[row] == way).Select(row => (1.0, Row(row))).Concat(open.Select(row => (weight * shares[row][way], Row(row))))))];
        }

        return [.. means.SelectMany(mean => mean)];
    }

    private static double[] Mean(IEnumerable<(double Weight, double[] Values)> rows)
    {
        var all = rows.ToArray();
        return [.. Enumerable.Range(0, F).Select(at => all.Sum(row => row.Weight * row.Values[at]) / all.Sum(row => row.Weight))];
    }
}
