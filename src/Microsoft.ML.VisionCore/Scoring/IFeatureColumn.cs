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

/// <summary>Reads the features of the row that a cursor stands on. Never throws because of what they hold.</summary>
/// <param name="features">Receives them; nothing of use where the row has none.</param>
/// <returns>Why the row has none; null where it has.</returns>
internal delegate string? FeatureReader(Span<byte> features);
