namespace Samples.PredictionService;

/// <summary>What the model takes: the columns that mlext and Model Builder's generated code give their models.</summary>
internal sealed class ImageInput
{
    /// <summary>Not known when predicting.</summary>
    public string Label { get; set; } = "";

    /// <summary>The bytes of an image file.</summary>
    public byte[] ImageSource { get; set; } = [];
}
