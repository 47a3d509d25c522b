using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>A trained classifier of rows, each of which has features of a fixed size. Safe to call from several threads at once.</summary>
internal interface IRowScorer
{
    /// <summary>The bytes that the features of a row take, as a <see cref="IFeatureColumn"/> reads them.</summary>
    int RowBytes { get; }

    /// <summary>The number Y of classes.</summary>
    int ClassCount { get; }

    /// <summary>How many rows one call scores at most.</summary>
    int BatchSize { get; }

    /// <summary>Scores rows.</summary>
    /// <param name="features">[B, <see cref="RowBytes"/>], with B at most <see cref="BatchSize"/>.</param>
    /// <param name="probabilities">Receives [B, Y]; every row adds up to 1.</param>
    /// <param name="known">Receives [B]: in [0, 1], below 0.5 for rows of none of the classes. Empty where <see cref="ScoreColumns.Known"/> is null.</param>
    void Score(ReadOnlySpan<byte> features, Span<float> probabilities, Span<float> known);
}

/// <summary>A trained classifier with the names of its columns: all that scoring needs, whatever the model is.</summary>
/// <param name="Environment">Where warnings go.</param>
/// <param name="Scorer">The model.</param>
/// <param name="Bind">Finds the feature column in a schema; throws <see cref="ArgumentOutOfRangeException"/> where it is missing or of another type.</param>
/// <param name="Columns">The names of the columns added.</param>
/// <param name="Labels">The classes.</param>
internal sealed record ScoringModel(
    IHostEnvironment Environment, IRowScorer Scorer, Func<DataViewSchema, IFeatureColumn> Bind, ScoreColumns Columns, ClassLabels Labels);
