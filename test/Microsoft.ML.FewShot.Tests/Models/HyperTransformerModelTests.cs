using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class HyperTransformerModelTests
{
    private const int Side = 12;
    private static readonly int[][] Classes = [[0, 1, 2, 0, Tasks.Open, 1], [1, 0, 2, Tasks.Open, Tasks.Absent, 2]];

    private static readonly Dictionary<string, FewShotShape> Varied = Shapes();

    /// <summary>Every design, normalisation and number of generated layers, by name.</summary>
    public static IEnumerable<object[]> Names => Varied.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void JointPassIsGeneratingAndClassifying(string name)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Create(Varied[name] with { SupportViews = 0 });
        var (support, query) = (Rows(model, 1, 2, 6), Rows(model, 2, 2, 5));
        var candidates = Tasks.Candidates(3, Classes);
        using var generated = model.GenerateLayers(support, candidates);
        TensorAssert.AreClose(model.Logits(support, candidates, query), model.Run(query, generated), 1e-5, "logits");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ExtractedNetworkScoresAsTheModel(string name)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Create(Varied[name]);
        var query = Rows(model, 2, 2, 5);
        using var generated = model.GenerateLayers(Rows(model, 1, 2, 6), Tasks.Candidates(3, Classes));
        var expected = model.Run(query, generated);
        for (int task = 0; task < 2; task++)
        {
            using var network = generated.Extract(task);
            TensorAssert.AreClose(expected[task], network.call(query[task]), 1e-5, $"task {task}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TasksTogetherAreTasksOneByOne(string name)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Create(Varied[name]);
        model.to(ScalarType.Float64);
        var (support, query) = (Rows(model, 1, 2, 6).to(ScalarType.Float64), Rows(model, 2, 2, 5).to(ScalarType.Float64));
        var candidates = Tasks.Candidates(3, Classes).to(ScalarType.Float64);
        var rows = tensor(new long[] { 3, 1, 0, 2, 0, 1 }).view(2, 3);
        var together = model.Logits(support, candidates, query, rows);
        for (int task = 0; task < 2; task++)
        {
            using var alone = model.GenerateLayers(support.narrow(0, task, 1), candidates.narrow(0, task, 1), rows.narrow(0, task, 1));
            TensorAssert.AreClose(model.Run(query.narrow(0, task, 1), alone), together.narrow(0, task, 1), 1e-10, $"task {task}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void AbsentSamplesAndTheOrderOfTheSupportDoNotMatter(string name)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Create(Varied[name]);
        var (support, query) = (Rows(model, 1, 1, 6), Rows(model, 2, 1, 5));
        using var expected = model.GenerateLayers(support, Tasks.Candidates(3, Classes[0]));
        var padded = cat([support.narrow(1, 0, 2), Rows(model, 3, 1, 2).Mul(9), support.narrow(1, 2, 4)], 1);
        using var masked = model.GenerateLayers(padded, Tasks.Candidates(3, [0, 1, Tasks.Absent, Tasks.Absent, 2, 0, Tasks.Open, 1]));
        TensorAssert.AreClose(model.Run(query, expected), model.Run(query, masked), 0, "absent samples");

        var turned = support.index_select(1, tensor(new long[] { 5, 2, 0, 4, 1, 3 }));
        using var permuted = model.GenerateLayers(turned, Tasks.Candidates(3, [1, 2, 0, Tasks.Open, 1, 0]));
        TensorAssert.AreClose(model.Run(query, expected), model.Run(query, permuted), 1e-4, "another order");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void JointPassIgnoresAbsentSamplesToo(string name)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Create(Varied[name]);
        var (support, query) = (Rows(model, 1, 1, 6), Rows(model, 2, 1, 5));
        var padded = cat([support, Rows(model, 3, 1, 2).Mul(9)], 1);
        var masked = model.Logits(padded, Tasks.Candidates(3, [.. Classes[0], Tasks.Absent, Tasks.Absent]), query);
        TensorAssert.AreClose(model.Logits(support, Tasks.Candidates(3, Classes[0]), query), masked, 1e-5, "logits");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void QueryNeverReachesTheWeightsAndOnlyTransductiveModelsLookAtOtherQueries(string name)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Create(Varied[name]);
        using var generated = model.GenerateLayers(Rows(model, 1, 1, 6), Tasks.Candidates(3, Classes[0]));
        using var network = generated.Extract(0);
        var query = Rows(model, 2, 1, 70)[0];
        var together = network.call(query);
        double difference = 0;
        foreach (long row in new long[] { 0, 17, 69 })
        {
            difference = Math.Max(difference, TensorAssert.RelativeError(together.narrow(0, row, 1), network.call(query.narrow(0, row, 1))));
        }

        difference = Math.Max(difference, TensorAssert.RelativeError(together.narrow(0, 3, 13), network.call(query.narrow(0, 3, 13))));
        Assert.AreEqual(network.Shape.IsTransductive, difference > 0, $"{difference}");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void EveryParameterLearns(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Varied[name]);
        model.train();
        var target = tensor(new long[] { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0 });
        var loss = nn.functional.cross_entropy(model.Logits(Rows(model, 1, 2, 6), Tasks.Candidates(3, Classes), Rows(model, 2, 2, 5)).view(10, 3), target);
        loss.backward();
        CollectionAssert.AreEquivalent(
            model.named_parameters().Select(entry => entry.name).ToArray(), FewShotParameters.Of(model).Select(entry => entry.Name).ToArray());
        foreach (var (parameterName, parameter) in model.named_parameters())
        {
            var sum = parameter.grad is { } grad ? TensorAssert.ToArray(grad.abs().sum())[0] : 0;
            Assert.IsTrue(sum > 0 && double.IsFinite(sum), parameterName);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void OnlyResultsAreLeftOfACall(string name)
    {
        using var model = Create(Varied[name]);
        using var support = Rows(model, 1, 2, 6);
        using var query = Rows(model, 2, 2, 5);
        using var candidates = Tasks.Candidates(3, Classes);
        model.train();
        TensorLedger.Leaves(1, () => model.Logits(support, candidates, query));
        model.eval();
        TensorLedger.Leaves(0, () => model.GenerateLayers(support, candidates).Dispose());
        using var generated = model.GenerateLayers(support, candidates);
        TensorLedger.Leaves(1, () => model.Run(query, generated));
        TensorLedger.Leaves(0, () => generated.Extract(1).Dispose());
    }

    [TestMethod]
    public void NewModelIsItsBackboneWithPrototypes()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new HyperTransformerModel(Varied["prototype 4"] with { SupportViews = 0, QueryViews = 0 }, 1);
        model.eval();
        var (support, query) = (Rows(model, 1, 1, 3), Rows(model, 2, 1, 5));
        var (weight, _) = (model.Backbone.call(support[0]), 0);
        var distances = model.Backbone.call(query[0]).unsqueeze(1).sub(weight).Square().sum(2);
        var expected = distances.Mul(-4.0 / model.Shape.EmbeddingLength).softmax(1);
        TensorAssert.AreClose(expected, model.Logits(support, Tasks.Candidates(3, [0, 1, 2]), query)[0].softmax(1), 1e-5, "probabilities");
    }

    [TestMethod]
    public void MoreClassesThanTheTablesHaveAreRefusedWithBothNumbers()
    {
        using var model = Create(Varied["prototype 0"]);
        using var support = Rows(model, 1, 1, 5);
        using var candidates = ones(1, 5, 5, 1).view(1, 5, 5);
        var exception = Assert.ThrowsExactly<ArgumentException>(() => model.GenerateLayers(support, candidates));
        StringAssert.Contains(exception.Message, "A task may have 4 classes at most; this one has 5.");
    }

    private static Dictionary<string, FewShotShape> Shapes()
    {
        var small = new FewShotShape { ImageSize = Side, Channels = 4, Convolutions = 3, Poolings = 2, MaxWays = 4, EncoderWidth = 8, ImageFeatures = 6 };
        var paper = small with { Design = FewShotDesign.Paper, PreNorm = false, LabelWidth = 6, AddLearnedWeights = false, Poolings = 3, LastActivation = true };
        var vectors = small with { ImageSize = 0, FeatureLength = 7, Convolutions = 1 };
        return new Dictionary<string, FewShotShape>
        {
            ["prototype 0"] = small,
            ["prototype 1"] = small with { GeneratedLayers = 1 },
            ["prototype 4"] = small with { GeneratedLayers = 3, Colors = 3 },
            ["prototype, all layers, support statistics"] = small with { GeneratedLayers = 3, Normalization = FewShotNormalization.Support },
            ["prototype, no encoder"] = small with { EncoderLayers = 0, SoftKMeansSteps = 0 },
            ["metric"] = small with { MetricRank = 5 },
            ["metric, all layers, support statistics"] = small with { MetricRank = 5, GeneratedLayers = 3, Normalization = FewShotNormalization.Support },
            ["transductive"] = small with { GeneratedLayers = 2, Normalization = FewShotNormalization.Query },
            ["paper 0"] = paper,
            ["paper, all layers"] = paper with { GeneratedLayers = 3, Normalization = FewShotNormalization.Support },
            ["paper, added to learned weights, pre-norm"] = paper with { GeneratedLayers = 3, AddLearnedWeights = true, PreNorm = true },
            ["vectors"] = vectors,
            ["vectors, hidden layer"] = vectors with { HiddenUnits = 6 },
            ["vectors, hidden layer generated"] = vectors with { HiddenUnits = 6, GeneratedLayers = 1 },
            ["vectors, paper"] = vectors with { HiddenUnits = 6, GeneratedLayers = 1, Design = FewShotDesign.Paper, AddLearnedWeights = false }
        };
    }

    private static HyperTransformerModel Create(FewShotShape shape)
    {
        var model = new HyperTransformerModel(shape, 1);
        Tasks.Awaken(model, 7);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        if (!shape.IsImages)
        {
            model.Backbone.SetStandardization([.. Enumerable.Range(0, 7).Select(at => 0.1f * at)], [.. Enumerable.Range(0, 7).Select(at => 1f + at)]);
        }

        model.Logits(Rows(model, 5, 2, 6), Tasks.Candidates(3, Classes), Rows(model, 6, 2, 4));         // running statistics
        model.eval();
        return model;
    }

    private static Tensor Rows(HyperTransformerModel model, int seed, int tasks, int rows)
    {
        var shape = model.Shape;
        return shape.IsImages ? Drawn.Normal(seed, tasks, rows, shape.Colors, Side, Side) : Drawn.Normal(seed, tasks, rows, shape.FeatureLength);
    }
}
