using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>A trained classifier with the names of its columns: all that scoring needs, whatever the model is.</summary>
/// <param name="Environment">Where warnings go.</param>
/// <param name="Scorer">The model.</param>
/// <param name="FeatureColumn">The name of the image column.</param>
/// <param name="Columns">The names of the columns added.</param>
/// <param name="Labels">The classes.</param>
internal sealed record ScoringModel(IHostEnvironment Environment, IImageScorer Scorer, string FeatureColumn, ScoreColumns Columns, ClassLabels Labels)
{
    /// <summary>Finds the image column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds something else than images.</exception>
    public ImageColumn Bind(DataViewSchema schema) => ImageColumn.Bind(schema, FeatureColumn, "feature");
}
