namespace Microsoft.ML.VisionCore.Training;

/// <summary>Where in the run a batch is. Step, Epoch and Batch count from 0.</summary>
/// <param name="Step">Optimiser steps made before this one.</param>
/// <param name="Epoch">The epoch the batch belongs to.</param>
/// <param name="Batch">The number of the batch in its epoch.</param>
/// <param name="Progress">How much of the run is done, in [0, 1].</param>
internal readonly record struct StepInfo(long Step, int Epoch, int Batch, double Progress);
