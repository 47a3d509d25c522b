namespace Microsoft.ML.VisionCore.Images;

/// <summary>Colour → grey.</summary>
internal static class GreyImage
{
    /// <summary>Planes [3, S, S] → one plane [1, S, S]: 0.299 red + 0.587 green + 0.114 blue, rounded.</summary>
    public static void Luma(ReadOnlySpan<byte> planes, Span<byte> grey)
    {
        var area = grey.Length;
        for (var i = 0; i < area; i++)
        {
            grey[i] = (byte)(((299 * planes[i]) + (587 * planes[area + i]) + (114 * planes[(2 * area) + i]) + 500) / 1000);
        }
    }
}
