namespace MLExtensions.Accuracy.FewShot;

/// <summary>What one method came to after one training run.</summary>
/// <param name="Contender">The row's name.</param>
/// <param name="Channels">The channels of the target network.</param>
/// <param name="Seed">Of the weights and of everything drawn in training.</param>
/// <param name="TargetParameters">The numbers of the network that answers.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Steps">Optimiser steps made, of all stages.</param>
/// <param name="Seconds">The time that training was given.</param>
/// <param name="Results">Accuracy and half the width of its 95 % interval over the tasks, in [0, 1], by protocol.</param>
internal sealed record FewShotRun(string Contender, int Channels, int Seed, long TargetParameters, long Parameters, long Steps, double Seconds,
    IReadOnlyDictionary<string, double[]> Results);
