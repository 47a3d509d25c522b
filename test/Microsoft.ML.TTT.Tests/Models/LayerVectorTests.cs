using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Tests.Models.Reference;
using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Tests.Models;

[TestClass]
public class LayerVectorTests
{
    private const string Golden = "Models/Golden";

    private static readonly (string File, int Seed, int Tokens, int Width, int Heads, int Hidden)[] Drawn =
        [("layer_n12_d12_h3.json", 1, 12, 12, 3, 8), ("layer_n9_d10_h2.json", 2, 9, 10, 2, 15), ("layer_n7_d6_h1.json", 3, 7, 6, 1, 12)];

    /// <summary>The committed files; the shared one where it lies beside the clone; and any file that MLEXT_LAYER_VECTORS names.</summary>
    public static IEnumerable<object[]> Files
    {
        get
        {
            var files = Drawn.Select(drawn => Path.Combine(AppContext.BaseDirectory, Golden, drawn.File)).ToList();
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                string shared = Path.Combine(folder.FullName, "shared", "reference", "mttt_layer_vectors.json");
                if (File.Exists(shared))
                {
                    files.Add(shared);
                    break;
                }
            }

            string[] named = Environment.GetEnvironmentVariable("MLEXT_LAYER_VECTORS")?.Split(Path.PathSeparator) ?? [];
            return files.Concat(named.Where(file => file.Length > 0)).Select(file => new object[] { file });
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void LayerGivesTheVectorsInFloat64(string file) => Check(file, ScalarType.Float64, 1e-9);

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void LayerGivesTheVectorsInFloat32(string file) => Check(file, ScalarType.Float32, 1e-5);

    [TestMethod]
    public void CommittedVectorsAreWhatTheSlowLayerComputes()
    {
        foreach (var (file, seed, tokens, width, heads, hidden) in Drawn)
        {
            var drawn = DrawnLayerVectors.Create(seed, tokens, width, heads, hidden);
            if (Environment.GetEnvironmentVariable("MLEXT_WRITE_GOLDEN") is { Length: > 0 } folder)
            {
                File.WriteAllText(Path.Combine(folder, file), drawn.ToJson());
            }

            var committed = LayerVectors.Read(Path.Combine(AppContext.BaseDirectory, Golden, file));
            foreach (var (name, expected) in drawn.Cases)
            {
                // Sums in another order on another processor: a few units in the last place.
                AssertClose(expected.Output, committed.Cases[name].Output, 1e-12, $"{file} {name}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void SlowLayerGivesTheVectors(string file)
    {
        var vectors = LayerVectors.Read(file);
        foreach (var (name, expected) in vectors.Cases)
        {
            var slow = new SlowTttLayer(vectors.Inputs, expected.DecoderNorm, LayerCase.IsLinear(name), LayerCase.IsLastLayerOnly(name));
            var (output, losses) = slow.Run(expected.InnerBatches);
            AssertClose(expected.Output, output, 1e-11, name);
            AssertClose(expected.LossPerHead ?? losses, losses, 1e-11, $"{name} loss");
        }
    }

    private static void Check(string file, ScalarType type, double tolerance)
    {
        var vectors = LayerVectors.Read(file);
        Assert.IsNotEmpty(vectors.Cases);
        foreach (var (name, expected) in vectors.Cases)
        {
            foreach (bool gram in new[] { false, true })
            {
                using var scope = NewDisposeScope();
                using var none = no_grad();
                var x = Rows(vectors.Inputs.X, type).unsqueeze(0);
                long[]?[] batches = [.. expected.InnerBatches.Select(batch => Array.ConvertAll(batch, i => (long)i))];
                using var layer = Create(vectors, name, expected, gram).to(type);
                var (output, weights, views) = Run(layer, x, batches);
                TensorAssert.AreClose(Rows(expected.Output, ScalarType.Float64).unsqueeze(0), output.to(ScalarType.Float64), tolerance, $"{name} gram={gram}");
                var losses = Losses(vectors, expected.DecoderNorm, Start(vectors, name, type), weights, views, x);
                AssertClose(expected.LossPerHead ?? losses, losses, tolerance, $"{name} loss");
            }
        }
    }

    private static (Tensor Output, FastWeights Weights, Tensor Views) Run(TttMixer layer, Tensor x, long[]?[] batches)
    {
        var (weights, views) = layer.Learn(x, batches);
        return (layer.Mix(x, batches), weights, views.Train);
    }

    private static TttMixer Create(LayerVectors vectors, string name, LayerCase layerCase, bool gram)
    {
        bool linear = LayerCase.IsLinear(name);
        var inner = new InnerLearning
        {
            Steps = layerCase.InnerBatches.Length,
            DecoderNorm = layerCase.DecoderNorm,
            LearnedStart = !linear,
            LastLayerOnly = LayerCase.IsLastLayerOnly(name)
        };
        var shape = new MixerShape(vectors.Width, vectors.HeadsCount) { Inner = inner };
        var layer = linear
            ? TttMixer.Linear(shape, new Random(0), gram)
            : TttMixer.Mlp(shape, new Random(0), gram, vectors.Hidden);
        layer.to(ScalarType.Float64);
        foreach (var (parameter, tensor) in layer.named_parameters())
        {
            tensor.copy_(Value(vectors, parameter).view(tensor.shape));
        }

        return layer;
    }

    private static Tensor Value(LayerVectors vectors, string parameter)
    {
        var heads = vectors.Inputs.Heads;
        return parameter switch
        {
            "task.train_view.weight" => cat(heads.Select(head => Rows(head.TrainView).transpose(0, 1)).ToArray(), 0),
            "task.train_view.bias" => Rows(heads.Select(head => head.TrainViewBias)),
            "task.test_view.weight" => cat(heads.Select(head => Rows(head.TestView).transpose(0, 1)).ToArray(), 0),
            "task.test_view.bias" => Rows(heads.Select(head => head.TestViewBias)),
            "task.decoder" => Rows(heads.SelectMany(head => head.Decoder)),
            "task.decoder_bias" => Rows([vectors.Inputs.DecoderBias]),
            "task.decoder_gamma" => Rows(heads.Select(head => head.Gamma)),
            "task.decoder_beta" => Rows(heads.Select(head => head.Beta)),
            "start_weight1" => Rows(heads.SelectMany(head => head.W1)),
            "start_bias1" => Rows(heads.Select(head => head.B1)),
            "start_weight2" => Rows(heads.SelectMany(head => head.W2)),
            "start_bias2" => Rows(heads.Select(head => head.B2)),
            "output.weight" => Rows(heads.SelectMany(head => head.Output)).transpose(0, 1).contiguous(),
            "output.bias" => Rows([vectors.Inputs.OutputBias]),
            _ => throw new ArgumentException($"The vectors hold nothing for the parameter {parameter}.", nameof(parameter))
        };
    }

    private static FastWeights Start(LayerVectors vectors, string name, ScalarType type)
    {
        long H = vectors.HeadsCount, K = vectors.HeadWidth;
        return LayerCase.IsLinear(name)
            ? new FastWeights(zeros([H, K, K], type))
            : new FastWeights(
                Value(vectors, "start_weight1").view(H, K, -1).to(type), Value(vectors, "start_bias1").view(H, 1, -1).to(type),
                Value(vectors, "start_weight2").view(H, -1, K).to(type), Value(vectors, "start_bias2").view(H, 1, K).to(type));
    }

    private static double[][] Losses(LayerVectors vectors, bool norm, FastWeights before, FastWeights after, Tensor views, Tensor x)
    {
        double[] Of(FastWeights weights)
        {
            var z = weights.Apply(views).squeeze(1).to(ScalarType.Float64);                                 // [H, N, K]
            var decoder = Value(vectors, "task.decoder").view(vectors.HeadsCount, vectors.HeadWidth, vectors.Width);
            var y = z.bmm(decoder).Add(Value(vectors, "task.decoder_bias"));
            if (norm)
            {
                y = functional.layer_norm(y, [vectors.Width], null, null, 1e-6)
                    .mul(Value(vectors, "task.decoder_gamma").unsqueeze(1)).Add(Value(vectors, "task.decoder_beta").unsqueeze(1));
            }

            var error = y.sub(x.to(ScalarType.Float64)).Square().sum([1, 2]).Div(2.0 * vectors.Tokens * vectors.HeadWidth);
            return TensorAssert.ToArray(error);
        }

        return [.. Of(before).Zip(Of(after), (first, last) => new[] { first, last })];
    }

    private static Tensor Rows(IEnumerable<double[]> rows, ScalarType type = ScalarType.Float64)
    {
        var list = rows.ToArray();
        return tensor(list.SelectMany(row => row).ToArray(), [list.Length, list[0].Length]).to(type);
    }

    private static void AssertClose(double[][] expected, double[][] actual, double tolerance, string what)
    {
        double scale = expected.Max(row => row.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
            {
                Assert.AreEqual(expected[i][j], actual[i][j], tolerance * scale, $"{what} [{i}, {j}]");
            }
        }
    }
}
