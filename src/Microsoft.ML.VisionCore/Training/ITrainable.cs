using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>What a product plugs into <see cref="TrainingLoop{TBatch}"/>.</summary>
internal interface ITrainable<in TBatch>
{
    /// <summary>What the optimiser moves. The same order at every call and in every process.</summary>
    IReadOnlyList<TrainableParameter> Parameters { get; }

    /// <summary>Everything that a copy of the weights must hold: the parameters and, beside them, running statistics.</summary>
    IReadOnlyList<(string Name, Tensor Value)> State { get; }

    /// <summary>The loss of a batch, with its graph. Called inside the scope of the step; randomness comes from <paramref name="step"/> only.</summary>
    BatchLoss Loss(TBatch batch, StepInfo step);

    /// <summary>Switches between training and evaluation behaviour.</summary>
    void SetTraining(bool training);

    /// <summary>What a validation costs, in training batches, roughly: a run with a time budget sets that much aside until it has measured one.</summary>
    double ValidationCost { get; }

    /// <summary>Measures the present weights; null where there is nothing to measure them on.</summary>
    ValidationMetrics? Validate(CancellationToken cancellationToken);
}
