using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.TTT;

/// <summary>What a saved classifier holds beside its network.</summary>
/// <param name="FeatureColumn">The name of the image column.</param>
/// <param name="Columns">The names of the columns added.</param>
/// <param name="Labels">The classes.</param>
internal sealed record TttModel(string FeatureColumn, ScoreColumns Columns, ClassLabels Labels);
