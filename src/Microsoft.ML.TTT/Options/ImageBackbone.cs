namespace Microsoft.ML.TTT;

/// <summary>A pretrained network that turns pictures into features before the transformer sees them.</summary>
public enum ImageBackbone
{
    /// <summary>None: the transformer sees pixels.</summary>
    None,

    /// <summary>
    /// ResNet-18, trained on ImageNet's photographs, as ML.NET's package Microsoft.ML.DnnImageFeaturizer.ResNet18 has it; the app has to reference
    /// that package.
    /// </summary>
    ResNet18,

    /// <summary>
    /// <see cref="ResNet18"/> for photographs where its package is there, and <see cref="None"/> for the rest. Photographs are pictures in color of at
    /// least 64 pixels: at least half of the first 256 by their size, and at least half of the first 32 by their color.
    /// </summary>
    Auto,
}
