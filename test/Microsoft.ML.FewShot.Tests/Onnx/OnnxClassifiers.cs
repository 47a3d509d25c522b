using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Onnx;

/// <summary>Classifiers of drawn weights in which every weight matters, and rows for them.</summary>
internal static class OnnxClassifiers
{
    /// <summary>A classifier as a transformer. The taker disposes it.</summary>
    /// <param name="network">Its network, which it then owns.</param>
    /// <param name="slots">Class → slot of the network.</param>
    /// <param name="scorer">The network as a scorer.</param>
    public static FewShotClassifier Create(TargetNetwork network, int[] slots, out ClassifierScorer scorer)
    {
        var scale = network.Shape.Colors switch
        {
            _ when network.Shape.ImageSize == 0 => null,
            1 => new ImageNormalization([200], [80]),
            _ => new ImageNormalization([120, 110, 100], [60, 50, 70]),
        };
        scorer = new ClassifierScorer(network, scale, slots, CPU);
        var model = new FewShotClassifierModel(FewShotColumns.Standard, new ClassLabels(slots.Length), FewShotMethod.HyperTransformer, Support: null, Samples: null, FalseRejectionRate: null);
        return new FewShotClassifier((IHostEnvironment)new MLContext(), model, scorer);
    }

    /// <summary>A network of drawn weights.</summary>
    public static TargetNetwork Draw(TargetShape shape)
    {
        var network = new TargetNetwork(shape);
        var random = new Random(1);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        foreach (var (name, weight) in ModuleWeights.Of(network))
        {
            var fanIn = weight.shape.Length == 1 ? 12 : weight.numel() / weight.shape[0];
            var spread = Math.Sqrt(3.0 / fanIn) * (name == "weight" ? 3 : 1);
            weight.Add_(tensor(Enumerable.Range(0, (int)weight.numel()).Select(_ => (float)(spread * (2 * random.NextDouble() - 1))).ToArray(), weight.shape));
        }

        return network;
    }

    /// <summary>Random rows as a scorer takes them.</summary>
    public static byte[] Rows(ClassifierScorer scorer, int count)
    {
        var random = new Random(2);
        var rows = new byte[count * scorer.RowBytes];
        if (scorer.Shape.IsImage)
        {
            random.NextBytes(rows);
            return rows;
        }

        for (var i = 0; i < rows.Length; i += sizeof(float))
        {
            BitConverter.TryWriteBytes(rows.AsSpan(i), 4 * random.NextSingle() - 2);
        }

        return rows;
    }

    /// <summary>What a scorer says, [N, Y].</summary>
    public static float[][] Score(ClassifierScorer scorer, byte[] rows)
    {
        var scores = new float[rows.Length / scorer.RowBytes * scorer.ClassCount];
        scorer.Score(rows, scores, []);
        return [.. scores.Chunk(scorer.ClassCount)];
    }
}
