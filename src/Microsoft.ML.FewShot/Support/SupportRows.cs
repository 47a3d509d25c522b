using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>What was read of support sets: the samples of every task.</summary>
/// <param name="Labels">All classes.</param>
/// <param name="Tasks">The samples by task; where there is no group column, one task with an empty name, if there is a sample.</param>
/// <param name="Read">The number of rows read.</param>
/// <param name="Skipped">The rows left out because they have no features that can be read.</param>
/// <param name="FirstProblem">Which row was left out first, and why.</param>
internal sealed record SupportRows(
    ClassLabels Labels, IReadOnlyDictionary<string, IReadOnlyList<SupportSample>> Tasks, long Read, long Skipped, string? FirstProblem);
