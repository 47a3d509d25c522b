namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>What a model draws in training, for tasks that lie among those of all processes of a team.</summary>
/// <param name="Random">Draws for all tasks, the same in every process.</param>
/// <param name="First">The number of the first of these tasks.</param>
/// <param name="Total">All tasks.</param>
internal sealed record TaskDraws(Random Random, int First, int Total);
