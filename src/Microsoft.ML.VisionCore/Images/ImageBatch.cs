using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>A training batch on the device; owns its two tensors.</summary>
internal sealed class ImageBatch : IDisposable
{
    /// <summary>Takes over both tensors and detaches them from any scope.</summary>
    public ImageBatch(Tensor pixels, Tensor labels)
    {
        Pixels = pixels.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
    }

    /// <summary>Bytes, [B, 3, S, S].</summary>
    public Tensor Pixels { get; }

    /// <summary>Class numbers from 0, int64 [B].</summary>
    public Tensor Labels { get; }

    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }
}
