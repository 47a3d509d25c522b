using Microsoft.ML.VisionCore.Images;
using MLExt.Serve.Http;

namespace MLExt.Serve;

/// <summary>Refuses what is no image, or too large a one, before anything is decoded.</summary>
internal static class ImageCheck
{
    /// <summary>Checks a file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="limits">What the app accepts.</param>
    /// <param name="what">Which image it is, for messages.</param>
    /// <exception cref="ProblemException">It is no image, or too large.</exception>
    public static void Check(ReadOnlySpan<byte> file, ServeLimits limits, string what)
    {
        if (file.IsEmpty)
        {
            throw ProblemException.BadRequest($"{what} is empty.");
        }

        if (file.Length > limits.ImageBytes)
        {
            throw ProblemException.TooLarge($"{what} has {file.Length} bytes; an image may have {limits.ImageBytes}.");
        }

        var header = EncodedImage.ReadHeader(file);
        if (header.Pixels > limits.ImagePixels)
        {
            throw ProblemException.TooLarge($"{what} is {header.Width} x {header.Height} pixels; an image may have {limits.ImagePixels} pixels.");
        }

        if (header.Fault is not null)
        {
            throw ProblemException.BadRequest($"{what} is no image that can be read: {header.Fault}.");
        }
    }
}
