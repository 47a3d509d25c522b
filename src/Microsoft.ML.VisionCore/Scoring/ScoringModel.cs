using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>A trained classifier with the names of its columns: all that scoring needs, whatever the model is.</summary>
/// <param name="Environment">Where warnings go.</param>
/// <param name="Scorer">The model.</param>
/// <param name="Bind">Finds the feature column in a schema; throws <see cref="ArgumentOutOfRangeException"/> where it is missing or of another type.</param>
/// <param name="Columns">The names of the columns added.</param>
/// <param name="Labels">The classes.</param>
internal sealed record ScoringModel(
    IHostEnvironment Environment, IRowScorer Scorer, Func<DataViewSchema, IFeatureColumn> Bind, ScoreColumns Columns, ClassLabels Labels);
