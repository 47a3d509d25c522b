using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>A batch on the device; owns its two tensors.</summary>
internal sealed class ImageBatch : IDisposable
{
    private ImageBatch(Tensor pixels, Tensor labels)
    {
        Pixels = pixels.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
    }

    /// <summary>Bytes, [B, 3, S, S].</summary>
    public Tensor Pixels { get; }

    /// <summary>Class numbers from 0, int64 [B].</summary>
    public Tensor Labels { get; }

    /// <summary>Copies the arrays to the device.</summary>
    public static ImageBatch Create(byte[] pixels, long[] labels, int side, Device device) =>
        new(tensor(pixels, [labels.Length, 3, side, side], device: device), tensor(labels, device: device));

    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }
}
