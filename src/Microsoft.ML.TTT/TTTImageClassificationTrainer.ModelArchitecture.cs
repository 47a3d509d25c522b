namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>Sizes that belong together. Single sizes can be changed by the options named after them.</summary>
    public enum ModelArchitecture
    {
        /// <summary>A convolutional stem and 3 blocks of width 128; trains on a CPU, for images of 32 to 96 pixels.</summary>
        Compact,

        /// <summary>ViT-Tiny: 12 blocks of width 192, 3 heads, patches of 16 pixels.</summary>
        Tiny,

        /// <summary>ViT-Small: 12 blocks of width 384, 6 heads, patches of 16 pixels.</summary>
        Small,
    }
}
