using Microsoft.ML.Data;

namespace Samples.OnnxInference;

/// <summary>An image file, and what the graph says of it.</summary>
internal sealed class ImageRow
{
    public string ImagePath { get; set; } = "";

    /// <summary>The pixels, [height, width, channels]; null where there is no picture.</summary>
    [ColumnName("image")]
    public byte[]? Image { get; set; }

    [ColumnName("probabilities")]
    public float[] Probabilities { get; set; } = [];

    /// <summary>[1]: below 0.5 it is none of the classes. Empty where the classifier does not say.</summary>
    [ColumnName("known_score")]
    public float[] KnownScore { get; set; } = [];
}
