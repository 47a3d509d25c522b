using System.Runtime.InteropServices;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Explanation;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>The finished classifier of one task as a scorer. Owns the network, which it never changes.</summary>
internal sealed class ClassifierScorer : IRowExplainer, IDisposable
{
    private readonly int[] _slots;
    private readonly Device _device;
    private readonly Lifetime _lifetime;

    /// <param name="network">The network; moved to the device.</param>
    /// <param name="scale">How pixels become numbers; null for vectors.</param>
    /// <param name="slots">Class → slot, [Y].</param>
    /// <param name="device">Where to score.</param>
    public ClassifierScorer(TargetNetwork network, ImageNormalization? scale, int[] slots, Device device)
    {
        (Network, Scale, _slots, _device) = (network, scale, slots, device);
        var shape = network.Shape;
        Shape = shape.ImageSize > 0 ? ExampleShape.Images(shape.Colors, shape.ImageSize) : ExampleShape.Vectors(shape.FeatureLength);
        _lifetime = new Lifetime(network.Dispose, "FewShotClassifier");
        network.to(device);
        network.eval();
        network.Freeze();
        GridSide = network.GridSide;
    }

    public TargetNetwork Network { get; }

    public ImageNormalization? Scale { get; }

    public ExampleShape Shape { get; }

    /// <summary>Class → slot of the network, [Y].</summary>
    public IReadOnlyList<int> Slots => _slots;

    public int RowBytes => Shape.Bytes;

    public int ClassCount => _slots.Length;

    public int BatchSize => TargetScores.BatchSize;

    public void Score(ReadOnlySpan<byte> features, Span<float> probabilities, Span<float> known)
    {
        using var use = Use();
        TargetScores.Score(Network, features, Shape, Scale, _slots, _device, probabilities, known);
    }

    public int GridSide { get; }

    public void Explain(ReadOnlySpan<byte> features, int classIndex, Span<float> contributions)
    {
        using var use = Use();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var map = Network.Contributions(SupportSet.ToTensor(features, Shape, Scale, _device), _slots, classIndex).cpu();     // [1, G, G]
        MemoryMarshal.Cast<byte, float>(map.bytes).CopyTo(contributions);
    }

    /// <summary>Keeps the network alive until what is returned is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The scorer has been disposed of.</exception>
    public Lifetime.Use Use() => _lifetime.Begin();

    /// <summary>Lets go of the network; what is using it meanwhile, on other threads, ends as if this came later.</summary>
    public void Dispose() => _lifetime.Dispose();
}
