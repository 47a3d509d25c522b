using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
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

/// <summary>Gives the batches of an epoch. What a batch holds depends on (seed, epoch, number) only.</summary>
internal interface IBatchSource<out TBatch> : IDisposable
    where TBatch : class, IDisposable
{
    /// <summary>The number of batches in every epoch; at least 1.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>The batches of <paramref name="epoch"/> from number <paramref name="firstBatch"/> on. Whoever takes a batch disposes it.</summary>
    IEnumerable<TBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken);
}

/// <summary>What one batch gave; both tensors are scalars.</summary>
/// <param name="Loss">With its graph.</param>
/// <param name="Accuracy">The share of right answers, float32.</param>
/// <param name="Share">The weight of these among those of all processes of a team; the weights add up to 1.</param>
internal readonly record struct BatchLoss(Tensor Loss, Tensor Accuracy, double Share = 1);

/// <summary>Where in the run a batch is. Step, Epoch and Batch count from 0.</summary>
/// <param name="Step">Optimiser steps made before this one.</param>
/// <param name="Epoch">The epoch the batch belongs to.</param>
/// <param name="Batch">The number of the batch in its epoch.</param>
/// <param name="Progress">How much of the run is done, in [0, 1].</param>
internal readonly record struct StepInfo(long Step, int Epoch, int Batch, double Progress);

/// <summary>A parameter as the training loop sees it. The loop never owns <paramref name="Value"/>.</summary>
/// <param name="Name">Its name in weights files.</param>
/// <param name="Value">The tensor that the optimiser moves.</param>
/// <param name="Kind">How the optimiser treats it.</param>
/// <param name="LearningRateScale">The factor on AdamW's learning rate; Muon does not know it.</param>
internal sealed record TrainableParameter(string Name, Parameter Value, ParameterKind Kind, double LearningRateScale = 1);

/// <summary>What one pass over the whole validation set gave.</summary>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Share of right answers, in [0, 1].</param>
/// <param name="Count">The number of examples.</param>
internal sealed record ValidationMetrics(double Loss, double Accuracy, long Count)
{
    /// <summary>What "best" means; higher is better.</summary>
    [JsonIgnore]
    public double Score => Accuracy;

    /// <summary>Whether a validation can have given these.</summary>
    [JsonIgnore]
    public bool IsPossible => Accuracy is >= 0 and <= 1 && Count > 0;

    /// <summary>Whether these are clearly worse than others: by more than the standard error of the difference between two such shares of right answers.</summary>
    public bool IsClearlyBelow(ValidationMetrics other) => other.Score - Score > Math.Sqrt(Variance + other.Variance);

    private double Variance => Accuracy * (1 - Accuracy) / Count;
}
