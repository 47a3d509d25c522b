using static TorchSharp.torch;

namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>Images as tensors: pixels [B, N, 4], the numbers of the hidden pixels [B·N/4] and their labels [B·N/4].</summary>
internal sealed class PointBatch(PointImages images) : IDisposable
{
    internal Tensor Pixels { get; } = tensor(images.Pixels, [images.Pixels.Length / (images.Tokens * PointImages.Channels), images.Tokens, PointImages.Channels]).DetachFromDisposeScope();

    internal Tensor Hidden { get; } = tensor(images.Hidden).DetachFromDisposeScope();

    internal Tensor Labels { get; } = tensor(images.Labels).DetachFromDisposeScope();

    public void Dispose()
    {
        Pixels.Dispose();
        Hidden.Dispose();
        Labels.Dispose();
    }
}
