using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Persistence;

/// <summary>How pixels become numbers: a mean and a deviation for each colour, in units of bytes.</summary>
internal sealed record NormalizationPart([property: JsonPropertyName("mean")] float[] Mean, [property: JsonPropertyName("deviation")] float[] Deviation)
{
    [return: NotNullIfNotNull(nameof(scale))]
    public static NormalizationPart? Of(ImageNormalization? scale) => scale is null ? null : new NormalizationPart(scale.Mean, scale.Deviation);

    /// <summary>What the part says of images; null for features, whatever it says.</summary>
    /// <param name="part">The part, if there is one.</param>
    /// <param name="isImage">Whether the model is for images.</param>
    /// <param name="colors">Their colours.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <exception cref="FormatException">The part is missing, or has other than as many finite numbers as there are colours.</exception>
    public static ImageNormalization? ToNormalization(NormalizationPart? part, bool isImage, int colors, string what)
    {
        if (!isImage)
        {
            return null;
        }

        var (mean, deviation) = (part?.Mean ?? [], part?.Deviation ?? []);
        ModelJson.Check(new[] { ("mean", mean), ("deviation", deviation) }
            .Where(one => one.Item2.Length != colors || !Array.TrueForAll(one.Item2, float.IsFinite))
            .Select(one => $"'{one.Item1}' has {one.Item2.Length} values; {colors} finite ones were expected."), what, "normalization");
        return new ImageNormalization(mean, deviation);
    }
}
