using Microsoft.ML.FewShot.Tests.Models;
using Microsoft.ML.VisionCore.Onnx;
using System.Runtime.InteropServices;
using MLExtensions.Testing;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Onnx;

[TestClass]
public class OnnxExportTests
{
    private static readonly FewShotShape Vectors = new() { ImageSize = 0, FeatureLength = 12 };

    private static readonly Dictionary<string, TargetShape> Varied = new()
    {
        ["8 channels"] = TargetShape.Of(new FewShotShape { Channels = 8 }, 5),
        ["64 channels"] = TargetShape.Of(new FewShotShape { Channels = 64 }, 5),
        ["8 channels, three looks at every image"] = TargetShape.Of(new FewShotShape { Channels = 8 }, 5, queryViews: 2),
        ["colour"] = TargetShape.Of(new FewShotShape { Channels = 8, Colors = 3, ImageSize = 32 }, 5),
        ["sides that are odd"] = TargetShape.Of(new FewShotShape { Channels = 8, ImageSize = 47 }, 5),
        ["the paper's network"] = TargetShape.Of(FewShotShape.Paper(8), 5),
        ["one convolution"] = TargetShape.Of(new FewShotShape { Channels = 4, Convolutions = 1 }, 5),
        ["transductive"] = TargetShape.Of(new FewShotShape { Channels = 8 }, 5) with { IsTransductive = true },
        ["vectors"] = TargetShape.Of(Vectors, 5),
        ["embeddings"] = TargetShape.Of(EmbeddingModel.Vectors(12), 5),
        ["embeddings by their square roots"] = TargetShape.Of(EmbeddingModel.Vectors(12) with { Embedding = new EmbeddingShape { SquareRoots = true } }, 5),
        ["photographs"] = TargetShape.Of(EmbeddingModel.Photographs(8), 5),
        ["cosines"] = TargetShape.Of(new FewShotShape { Channels = 8, ContextLength = 4 }, 5),
        ["cosines of vectors with a hidden layer"] = TargetShape.Of(Vectors with { HiddenUnits = 7, ContextLength = 4 }, 5),
        ["vectors with a hidden layer"] = TargetShape.Of(Vectors with { HiddenUnits = 7 }, 5),
    };

    /// <summary>Every kind of target network, by name.</summary>
    public static IEnumerable<object[]> Shapes => Varied.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void OnnxRuntimeGivesTheSameProbabilities(string name) => AreAlike(OnnxClassifiers.Draw(Varied[name]), [0, 1, 2, 3, 4]);

    [TestMethod]
    public void ClassesAreInTheOrderOfTheLabelAndAbsentOnesHaveProbabilityZero()
    {
        AreAlike(OnnxClassifiers.Draw(Varied["8 channels"]), [3, 0, 1, 4, 2]);
        AreAlike(OnnxClassifiers.Draw(Varied["vectors"]), [3, -1, 1, 4, 2, 0, -1]);
    }

    [TestMethod]
    [DataRow(8, 4, 0)]
    [DataRow(8, 1, 16)]
    [DataRow(64, 0, 16)]
    public void AGeneratedClassifierGivesTheSameProbabilities(int channels, int generated, int rank)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var shape = new FewShotShape { Channels = channels, GeneratedLayers = generated, MetricRank = rank, Normalization = FewShotNormalization.Support };
        using var model = new HyperTransformerModel(shape, 1);
        model.eval();
        using var task = model.GenerateLayers(Drawn.Normal(1, 1, 10, 1, 28, 28), Tasks.Candidates(5, [.. Enumerable.Range(0, 10).Select(i => i % 5)]));
        AreAlike(task.Extract(0), [0, 1, 2, 3, 4]);
    }

    [TestMethod]
    public void AGeneratedClassifierOfVectorsGivesTheSameProbabilities()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new HyperTransformerModel(Vectors with { HiddenUnits = 16, GeneratedLayers = 1 }, 1);
        model.eval();
        using var task = model.GenerateLayers(Drawn.Normal(1, 1, 10, 12), Tasks.Candidates(5, [.. Enumerable.Range(0, 10).Select(i => i % 5)]));
        AreAlike(task.Extract(0), [0, 1, 2, 3, 4]);
    }

    [TestMethod]
    public void APretrainedGeneratorsClassifierGivesTheSameProbabilitiesOnTheSameFiles()
    {
        using var runtime = new OnnxRunner();
        var context = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrained(context);
        var rows = Symbols.Draw(5, 4, seed: 3);
        using var classifier = generator.CreateClassifier(context.Data.LoadFromEnumerable(rows.Where((_, i) => i % 4 == 0)), Symbols.Named());
        var data = context.Data.LoadFromEnumerable(rows);
        var expected = classifier.Transform(data).GetColumn<float[]>("Score").ToArray();
        Assert.IsGreaterThan(10, expected.Count(scores => scores.Max() > 0.5f));

        var (side, colors) = (generator.ImageSize, generator.IsColor ? 3 : 1);
        var reader = FewShotFeatures.Bind(data.Schema, "Features", ExampleShape.Images(colors, side));
        using var cursor = data.GetRowCursor(reader.Sources);
        var read = reader.CreateReader(cursor);
        var planes = new byte[rows.Length * colors * side * side];
        for (var row = 0; cursor.MoveNext(); row++)
        {
            Assert.IsNull(read(planes.AsSpan(row * colors * side * side, colors * side * side)));
        }

        OnnxRunner.AreAlike(expected, runtime.RunImages(classifier, planes, colors, side));
    }

    [TestMethod]
    public void AGeneratorIsRefused()
    {
        using var stream = new MemoryStream();
        var error = Assert.ThrowsExactly<NotSupportedException>(() => TrainedModel.Context.Model.ExportToOnnx(TrainedModel.Generator, stream));
        StringAssert.Contains(error.Message, "generates classifiers and is none itself");
        Assert.AreEqual(0, stream.Length);
    }

    [TestMethod]
    public void TheFileSaysWhatItTakesAndWhatItsClassesAreCalled()
    {
        using var classifier = TrainedModel.Classifier(symbols: 3);
        using var stream = new MemoryStream();
        TrainedModel.Context.Model.ExportToOnnx(classifier, stream);
        var said = ModelProto.Parser.ParseFrom(stream.ToArray()).MetadataProps.ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.AreEqual("""["symbol 0","symbol 1","symbol 2"]""", said["class_names"]);
        Assert.AreEqual($"{classifier.ImageSize}", said["image_size"]);
        Assert.AreEqual("1", said["colours"]);
        Assert.AreEqual("few-shot classifier, method HyperTransformer", said["model"]);
    }

    private static void AreAlike(TargetNetwork network, int[] slots)
    {
        using var runtime = new OnnxRunner();
        using var model = OnnxClassifiers.Create(network, slots, out var scorer);
        var rows = OnnxClassifiers.Rows(scorer, 4);
        var expected = OnnxClassifiers.Score(scorer, rows);
        Assert.IsGreaterThan(0.02f, expected[0].Max() - expected[0].Min(), "the probabilities say nothing");
        OnnxRunner.AreAlike(expected, scorer.Shape.IsImage
            ? runtime.RunImages(model, rows, scorer.Shape.Colors, scorer.Shape.ImageSize, scorer.Network.Shape.IsTransductive)
            : runtime.RunFeatures(model, [.. MemoryMarshal.Cast<byte, float>(rows).ToArray().Chunk(scorer.Shape.FeatureLength)]));
    }
}
