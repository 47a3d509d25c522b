using Microsoft.ML.VisionCore.Torch;
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

    /// <summary>The images of the whole batch, where this is the part of one process of a team; 0 where this is whole.</summary>
    public int Whole { get; init; }

    /// <summary>Whether the first image is not of this part but the one before it, which mixing needs.</summary>
    public bool HasPredecessor => Whole > 0;

    /// <summary>The share of these images in the whole batch.</summary>
    public double Share => HasPredecessor ? (Labels.size(0) - 1.0) / Whole : 1;

    /// <summary>Copies the arrays to the device.</summary>
    public static ImageBatch Create(byte[] pixels, long[] labels, int side, Device device, int whole = 0) =>
        new(tensor(pixels, [labels.Length, 3, side, side], device: device), tensor(labels, device: device)) { Whole = whole };

    /// <summary>The places in a batch of <paramref name="batchSize"/> images of those that a process of a team needs: all, or its part and before it the predecessor of that.</summary>
    public static IEnumerable<int> Places(int batchSize, Team team)
    {
        if (team.IsAlone)
        {
            return Enumerable.Range(0, batchSize);
        }

        var (first, count) = team.Part(batchSize, "images");
        return Enumerable.Range(first - 1, count + 1).Select(place => (place + batchSize) % batchSize);
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }
}
