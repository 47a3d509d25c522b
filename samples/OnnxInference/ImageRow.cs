using Microsoft.ML.Data;

namespace Samples.OnnxInference;

/// <summary>An image file, and what the graph says of it.</summary>
internal sealed class ImageRow
{
    /// <summary>Path of the image file.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>The pixels, [height, width, channels]; null where there is no picture.</summary>
    [ColumnName("image")]
    public byte[]? Image { get; set; }

    /// <summary>The probability of every class.</summary>
    [ColumnName("probabilities")]
    public float[] Probabilities { get; set; } = [];

    /// <summary>How sure it is that the image is of one of the classes, [1]; below 0.5 it is of none. Empty where the classifier does not say.</summary>
    [ColumnName("known_score")]
    public float[] KnownScore { get; set; } = [];
}
