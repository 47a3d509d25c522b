using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.VisionCore.Backbones;
using static TorchSharp.torch;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>The features of ML.NET's ResNet-18 of pictures that lie in memory.</summary>
internal static class BackboneWork
{
    private const int Pictures = 16, Side = 224;

    /// <summary>By torch.</summary>
    internal static Func<double> Ours()
    {
        var (network, _) = ResNet18File.Load(ResNet18.Stages);
        var pixels = tensor(Pixels(), [Pictures, 3, Side, Side]);
        return OurSide.Repeated(() =>
        {
            using var scope = NewDisposeScope();
            using var mode = no_grad();
            network.call(pixels).mean([2, 3]);
        });
    }

    /// <summary>By ONNX Runtime, from the same file, which takes one picture at a time; the mean is subtracted from it already.</summary>
    internal static Func<double> OnnxRuntime(int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        var session = new InferenceSession(Path.Combine(AppContext.BaseDirectory, "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx"), options);
        NamedOnnxValue[] input = [NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), new DenseTensor<float>(Pixels().AsMemory(0, 3 * Side * Side), [1, 3, Side, Side]))];
        return OurSide.Repeated(() =>
        {
            for (var picture = 0; picture < Pictures; picture++)
            {
                session.Run(input).Dispose();
            }
        });
    }

    private static float[] Pixels()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Pictures * 3 * Side * Side).Select(_ => (float)random.Next(256))];
    }
}
