using Microsoft.ML.VisionCore.Torch;
using System.Runtime.InteropServices;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Onnx;
using Microsoft.ML.VisionCore.Explanation;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT;

/// <summary>A trained vision transformer as a scorer. Owns the model, which it puts into evaluation mode once and never changes.</summary>
internal sealed class TttImageScorer : IRowExplainer, IDisposable
{
    /// <summary>The least doubt that an image may be rejected for.</summary>
    internal const double LeastThreshold = 1e-4;

    private const int TokensPerBatch = 8192;
    private const int LargestBatch = 64;

    private readonly Device _device;
    private readonly Lifetime _lifetime;

    /// <param name="model">The network; moved to the device.</param>
    /// <param name="normalization">What its pixels are normalised with.</param>
    /// <param name="isMirroring">Whether every image is scored together with its mirror image, and the mean is what counts.</param>
    /// <param name="device">Where to score.</param>
    /// <param name="threshold">How far the largest probability may be below 1 in an image of the classes; null where nothing is rejected.</param>
    public TttImageScorer(VisionTransformer model, ImageNormalization normalization, bool isMirroring, Device device, float? threshold = null)
    {
        Threshold = threshold;
        Model = model;
        Normalization = normalization;
        IsMirroring = isMirroring;
        _device = device;
        _lifetime = new Lifetime(model.Dispose, nameof(TTTImageClassificationTransformer));
        model.to(device);
        model.eval();
        model.Backbone?.Freeze();
        BatchSize = (int)Math.Clamp(TokensPerBatch / ((long)GridSide * GridSide), 1, LargestBatch);
    }

    public VisionTransformer Model { get; }

    public ImageNormalization Normalization { get; }

    public bool IsMirroring { get; }

    public float? Threshold { get; }

    public int Side => Model.Shape.ImageSize;

    public int RowBytes => 3 * Side * Side;

    public int ClassCount => Model.Shape.Classes;

    public int BatchSize { get; }

    public int GridSide => Side / Model.Shape.PatchSize;

    public void Score(ReadOnlySpan<byte> features, Span<float> probabilities, Span<float> known)
    {
        using var use = Use();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var inputs = Inputs(features);
        var scores = Probabilities(inputs);                                     // [B, Y]
        if (IsMirroring)
        {
            scores = scores.Add(Probabilities(inputs.flip([3]))).Mul(0.5);
        }

        scores = scores.cpu();
        MemoryMarshal.Cast<byte, float>(scores.bytes).CopyTo(probabilities);
        for (var image = 0; image < known.Length; image++)
        {
            known[image] = KnownScore.Of(1 - System.Numerics.Tensors.TensorPrimitives.Max(probabilities.Slice(image * ClassCount, ClassCount)), Threshold!.Value);
        }
    }

    public void Explain(ReadOnlySpan<byte> features, int classIndex, Span<float> contributions)
    {
        using var use = Use();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var inputs = Inputs(features);
        var map = Model.Contributions(inputs, classIndex);                      // [1, G, G]
        if (IsMirroring)
        {
            map = map.Add(Model.Contributions(inputs.flip([3]), classIndex).flip([2])).Mul(0.5);
        }

        map = map.cpu();
        MemoryMarshal.Cast<byte, float>(map.bytes).CopyTo(contributions);
    }

    /// <summary>What the token mixers learn from an image, of [3, S, S].</summary>
    public IReadOnlyList<InnerLossMap> InnerLosses(ReadOnlySpan<byte> features)
    {
        using var use = Use();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var maps = new List<InnerLossMap>();
        foreach (var (block, losses) in Model.InnerLosses(Inputs(features)))
        {
            var (steps, heads) = (losses.size(0), losses.size(1));
            var values = losses.select(2, 0).transpose(0, 1).contiguous().cpu().data<float>().ToArray();     // [H, T + 1, N]
            FiniteNumbers.Check([losses], "The inner losses of the image");
            maps.AddRange(Enumerable.Range(0, (int)heads).Select(head => new InnerLossMap(block, Model.Shape.MixerOf(block), head, GridSide,
                values.AsMemory(head * (int)steps * GridSide * GridSide, (int)steps * GridSide * GridSide))));
        }

        return maps;
    }

    /// <summary>The same as an ONNX graph.</summary>
    public ModelProto ToOnnx(ClassLabels labels)
    {
        using var use = Use();
        return TttOnnx.Export(Model, Normalization, IsMirroring, Threshold, labels);
    }

    /// <summary>Keeps the model alive until what is returned is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The scorer has been disposed of.</exception>
    public Lifetime.Use Use() => _lifetime.Begin();

    /// <summary>Lets go of the model; what is using it meanwhile, on other threads, ends as if this came later.</summary>
    public void Dispose() => _lifetime.Dispose();

    // [B, 3, S, S] in normalised units.
    private Tensor Inputs(ReadOnlySpan<byte> features)
    {
        var images = empty([features.Length / RowBytes, 3, Side, Side], dtype: uint8);
        features.CopyTo(images.bytes);
        return Normalization.Apply(images.to(_device));
    }

    private Tensor Probabilities(Tensor inputs) => nn.functional.softmax(Model.call(inputs), 1);
}

/// <summary>What a saved classifier holds beside its network.</summary>
/// <param name="FeatureColumn">The name of the image column.</param>
/// <param name="Columns">The names of the columns added.</param>
/// <param name="Labels">The classes.</param>
internal sealed record TttModel(string FeatureColumn, ScoreColumns Columns, ClassLabels Labels);
