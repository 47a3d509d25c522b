namespace MLExtensions.Accuracy;

/// <summary>What one training run of a study gave.</summary>
/// <param name="Contender">The row's name.</param>
/// <param name="Seed">Of the weights and of the order and augmentation of the training data.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Steps">Optimiser steps made.</param>
/// <param name="Seconds">Time in the training loop, without validations.</param>
/// <param name="Milliseconds">Training time for each image of a batch.</param>
/// <param name="Accuracy">On the held-out data, in [0, 1].</param>
/// <param name="Loss">On the held-out data, in nats.</param>
internal sealed record StudyRun(string Contender, int Seed, long Parameters, long Steps, double Seconds, double Milliseconds, double Accuracy, double Loss);
