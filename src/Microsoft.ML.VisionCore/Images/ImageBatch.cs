using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>A batch on the device; owns its two tensors.</summary>
internal sealed class ImageBatch : IDisposable
{
    public ImageBatch(Tensor inputs, Tensor labels)
    {
        Inputs = inputs.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
    }

    /// <summary>Pixels, bytes [B, 3, S, S]; or what a frozen network made of them, half precision [B, C, G, G].</summary>
    public Tensor Inputs { get; }

    /// <summary>Class numbers from 0, int64 [B].</summary>
    public Tensor Labels { get; }

    /// <summary>Copies the arrays to the device.</summary>
    public static ImageBatch Create(byte[] pixels, long[] labels, int side, Device device) =>
        new(tensor(pixels, [labels.Length, 3, side, side], device: device), tensor(labels, device: device));

    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }
}
