using TorchSharp;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// Torch's modes as work needs them, on this thread and until this is disposed: not inference mode, in which tensors are made that no gradient
/// can ever pass, and gradients on or off. The caller's modes, whatever they are, come back afterwards.
/// </summary>
internal sealed class TorchMode : IDisposable
{
    private readonly IDisposable _inference;
    private readonly IDisposable _gradients;

    /// <param name="gradients">Whether operations note what a gradient needs.</param>
    public TorchMode(bool gradients)
    {
        // In this order: leaving inference mode switches gradients on.
        _inference = torch.inference_mode(false);
        _gradients = torch.set_grad_enabled(gradients);
    }

    public void Dispose()
    {
        _gradients.Dispose();
        _inference.Dispose();
    }
}
