using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Training;

internal sealed class ToyBatch(Tensor inputs) : IDisposable
{
    /// <summary>[B, 4].</summary>
    public Tensor Inputs { get; } = inputs.DetachFromDisposeScope();

    public void Dispose() => Inputs.Dispose();
}
