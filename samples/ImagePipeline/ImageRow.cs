namespace Samples.ImagePipeline;

/// <summary>One row of the data: an image file and its class.</summary>
internal sealed class ImageRow
{
    /// <summary>Path of the image file.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Name of the class; empty when it is not known.</summary>
    public string Label { get; set; } = "";
}
