using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.TTT;

/// <summary>What <see cref="ImageBackbone.Auto"/> means for a data set.</summary>
internal static class BackboneChoice
{
    /// <summary>The side that photographs are brought to. The training ends at 224 pixels, as that of the backbone did.</summary>
    public const int PhotographSide = 256;

    /// <summary>The backbone for images.</summary>
    /// <param name="wish">What was asked for.</param>
    /// <param name="imageSize">The side that was asked for.</param>
    /// <param name="data">The images.</param>
    /// <param name="image">Their column.</param>
    /// <param name="channel">Told where only the package is missing; null to tell nobody.</param>
    public static ImageBackbone Of(ImageBackbone wish, int? imageSize, IDataView data, ImageColumn image, IChannel? channel)
    {
        if (wish != ImageBackbone.Auto)
        {
            return wish;
        }

        if (imageSize < ResNet18.SmallestSide || !ImageColumn.HoldsPhotographs(data, image))
        {
            return ImageBackbone.None;
        }

        if (!ResNet18File.Exists())
        {
            channel?.Warning(MessageSensitivity.None,
                $"These are photographs, and the pretrained network for them is not beside this app: reference the package {ResNet18File.Package} in the app's project.");
            return ImageBackbone.None;
        }

        return ImageBackbone.ResNet18;
    }
}
