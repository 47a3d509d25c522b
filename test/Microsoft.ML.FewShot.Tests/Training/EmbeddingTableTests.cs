using MLExtensions.Testing;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Training;

[TestClass]
public sealed class EmbeddingTableTests
{
    private static readonly FewShotShape Shape = new() { ImageSize = DrawnSymbols.Side, Channels = 4, Convolutions = 2, Poolings = 1, MetricRank = 6, MaxWays = 3, EncoderWidth = 8 };

    private readonly ExamplePool _pool = DrawnSymbols.Create(classes: 4, examples: 5, seed: 5);

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(2, 2)]
    [DataRow(1, 3)]
    public void TasksOnEmbeddingsGiveTheAnswersOfTasksOnImages(int supportViews, int queryViews)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new HyperTransformerModel(Shape with { SupportViews = supportViews, QueryViews = queryViews }, 1);
        Models.Tasks.Awaken(model, 7);
        model.eval();
        var scale = ExampleScale.Measure(_pool);
        var settings = new EpisodeSettings { BatchSize = 2, Ways = 3, Shots = 1, Unlabeled = 1, Queries = 2, Variation = new ClassVariation(1, 0.5, 0) };
        var plan = new EpisodeSampler(_pool, settings, 3).Draw(0, 0);
        var draws = plan.Support.Concat(plan.Query).Select(draw => (draw.Example, draw.Orientation)).Distinct().ToArray();

        using var table = EmbeddingTable.Create(model.Backbone, _pool, draws, scale, CPU, hasViews: true, CancellationToken.None);
        using var embedded = table.Episodes(plan);
        using var images = EpisodeSource.Create(plan, _pool, scale, CPU);
        var (weight, bias) = model.LogitsGenerator.Generate(embedded.Support, new SupportLabels(embedded.Candidates, null), null);
        var expected = model.Logits(images.Support, images.Candidates, images.Query);
        TensorAssert.AreClose(expected, LogitsGenerator.Logits(embedded.Query, weight, bias), 1e-5, "logits");
    }

    [TestMethod]
    public void NothingIsLeftBehind()
    {
        using var backbone = new Backbone(Shape with { QueryViews = 1 }, new Random(1));
        backbone.eval();
        TensorLedger.Leaves(0, () => EmbeddingTable.Create(backbone, _pool, [(0, 0), (1, 2)], ExampleScale.Measure(_pool), CPU, hasViews: true, CancellationToken.None).Dispose());
    }
}
