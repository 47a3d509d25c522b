using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>The image steps of <see cref="MLContext.Transforms"/>.</summary>
public static class ImageEstimatorsCatalog
{
    /// <summary>Reads the image files that a column of paths names into a column of <see cref="MLImage"/>.</summary>
    public static ImageLoadingEstimator LoadImages(this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null)
        => new(CatalogUtils.GetEnvironment(catalog), imageFolder, true, (outputColumnName, inputColumnName ?? outputColumnName));

    /// <summary>Reads the files that a column of paths names into a column of their bytes.</summary>
    public static ImageLoadingEstimator LoadRawImageBytes(this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null)
        => new(CatalogUtils.GetEnvironment(catalog), imageFolder, false, (outputColumnName, inputColumnName ?? outputColumnName));

    /// <summary>Makes a vector of an image's pixels.</summary>
    public static ImagePixelExtractingEstimator ExtractPixels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsToExtract = ImagePixelExtractingEstimator.Defaults.Colors,
        ImagePixelExtractingEstimator.ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.Defaults.Order,
        bool interleavePixelColors = false,
        float offsetImage = ImagePixelExtractingEstimator.Defaults.Offset,
        float scaleImage = ImagePixelExtractingEstimator.Defaults.Scale,
        bool outputAsFloatArray = ImagePixelExtractingEstimator.Defaults.Convert)
    {
        var options = new ImagePixelExtractingEstimator.ColumnOptions(
            outputColumnName, inputColumnName, colorsToExtract, orderOfExtraction, interleavePixelColors, offsetImage, scaleImage, outputAsFloatArray);
        return new ImagePixelExtractingEstimator(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>Brings images to one size.</summary>
    public static ImageResizingEstimator ResizeImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        int imageWidth,
        int imageHeight,
        string inputColumnName = null,
        ImageResizingEstimator.ResizingKind resizing = ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor cropAnchor = ImageResizingEstimator.Anchor.Center)
    {
        var options = new ImageResizingEstimator.ColumnOptions(outputColumnName, imageWidth, imageHeight, inputColumnName, resizing, cropAnchor);
        return new ImageResizingEstimator(CatalogUtils.GetEnvironment(catalog), options);
    }
}
