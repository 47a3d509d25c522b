using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>Moves parameters along their gradients.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>One step at <paramref name="learningRateScale"/> times the peak rates.</summary>
    void Step(double learningRateScale);

    /// <summary>The optimiser's memory; the owner of the list's tensors is the optimiser, except for those it makes for the call, which belong to the caller's scope.</summary>
    IEnumerable<(string Name, Tensor Value)> Save();

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    /// <exception cref="FormatException">A tensor is missing or has another shape.</exception>
    void Load(IReadOnlyDictionary<string, Tensor> saved);
}
