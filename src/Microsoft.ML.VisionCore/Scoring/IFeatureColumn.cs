namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>A bound column of which a classifier scores the rows.</summary>
internal interface IFeatureColumn
{
    /// <summary>The column that messages name.</summary>
    DataViewSchema.Column Column { get; }

    /// <summary>All columns that the features come from, <see cref="Column"/> among them.</summary>
    IReadOnlyList<DataViewSchema.Column> Sources { get; }

    /// <summary>What messages call the features of a row: image, feature vector.</summary>
    string Noun { get; }

    /// <summary>The bytes that the features of a row take.</summary>
    int RowBytes { get; }

    /// <summary>Makes a reader of the sources in <paramref name="row"/>, in which they must be active.</summary>
    FeatureReader CreateReader(DataViewRow row);
}
