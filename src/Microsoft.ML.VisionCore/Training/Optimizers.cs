using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The optimisers of a run as one.</summary>
internal sealed class Optimizers : IOptimizer
{
    private readonly IOptimizer[] _parts;

    private Optimizers(IOptimizer[] parts) => _parts = parts;

    /// <summary>With Muon, matrices go to it and the rest to AdamW; without, AdamW takes all.</summary>
    public static Optimizers Create(IReadOnlyList<TrainableParameter> parameters, OptimizerSettings settings)
    {
        var matrices = settings.Kind == OptimizerKind.Muon ? parameters.Where(p => p.Kind == ParameterKind.Matrix).ToArray() : [];
        var others = parameters.Except(matrices).ToArray();
        var parts = new List<IOptimizer>();
        if (matrices.Length > 0)
        {
            parts.Add(new MuonOptimizer(matrices, settings));
        }

        if (others.Length > 0)
        {
            parts.Add(new AdamWOptimizer(others, settings));
        }

        return new Optimizers([.. parts]);
    }

    public void Step(double learningRateScale)
    {
        foreach (var part in _parts)
        {
            part.Step(learningRateScale);
        }
    }

    public IEnumerable<(string Name, Tensor Value)> Save() => _parts.SelectMany(part => part.Save());

    public void Load(IReadOnlyDictionary<string, Tensor> saved)
    {
        foreach (var part in _parts)
        {
            part.Load(saved);
        }
    }

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }
}

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
