using Microsoft.ML.Runtime;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Weights;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Onnx;

/// <summary>Classifiers in which every weight matters: nothing is at its start value, where many are zero or one.</summary>
internal static class OnnxModels
{
    public const int Side = 16, Classes = 5;

    public static readonly ModelShape Small = new()
    {
        ImageSize = Side,
        Classes = Classes,
        Width = 16,
        Heads = 2,
        Depth = 2,
        MlpRatio = 2,
    };

    /// <summary>A classifier as a transformer. The taker disposes it.</summary>
    public static TTTImageClassificationTransformer Create(ModelShape shape, out TttImageScorer scorer, bool isMirroring = false)
    {
        var network = new VisionTransformer(shape, seed: 1);
        var random = new Random(2);
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            foreach (var (name, weight) in ModuleWeights.Of(network))
            {
                var spread = name.StartsWith("head", StringComparison.Ordinal) ? 1.5f : 0.3f;
                var values = Enumerable.Range(0, (int)weight.numel()).Select(_ => spread * (2 * random.NextSingle() - 1)).ToArray();
                weight.Add_(tensor(values, weight.shape));
            }
        }

        scorer = new TttImageScorer(network, new ImageNormalization([120, 110, 100], [60, 50, 70]), isMirroring, CPU);
        var model = new TttModel("Features", new ScoreColumns("Score", "PredictedLabel"), new ClassLabels(shape.Classes));
        return new TTTImageClassificationTransformer((IHostEnvironment)new MLContext(), model, scorer);
    }

    /// <summary>Drawn pictures as a scorer takes them, [N, 3, S, S].</summary>
    public static byte[] Pictures(int count, int side)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).SelectMany(i => Planes(TinyImages.Draw(i % 4, side, random)))];
    }

    /// <summary>What a scorer says, [N, Y].</summary>
    public static float[][] Score(TttImageScorer scorer, byte[] pictures)
    {
        var scores = new float[pictures.Length / scorer.RowBytes * scorer.ClassCount];
        scorer.Score(pictures, scores, []);
        return [.. scores.Chunk(scorer.ClassCount)];
    }

    private static IEnumerable<byte> Planes(byte[] rgba) => Enumerable.Range(0, 3).SelectMany(colour => rgba.Where((_, i) => i % 4 == colour));
}
