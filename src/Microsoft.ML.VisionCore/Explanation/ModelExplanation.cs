using Microsoft.ML.VisionCore.Explanation;

namespace Microsoft.ML;

/// <summary>Says which places of an image spoke for a class, and draws them over the image.</summary>
public static class ModelExplanation
{
    /// <summary>The name of the column that <see cref="Explain"/> adds: that of ML.NET's own feature contributions.</summary>
    public const string ColumnName = "FeatureContributions";

    /// <summary>Scores images and says for each which of its places spoke for a class.</summary>
    /// <param name="catalog">The model operations of a context.</param>
    /// <param name="model">A trained image classifier, a few-shot classifier of images, or a chain with one of them.</param>
    /// <param name="input">The data to be scored.</param>
    /// <param name="className">The class to explain, as text, for all rows; null explains the predicted class of each row.</param>
    /// <returns>
    /// What the model gives for the input, and the column <see cref="ColumnName"/>, Vector&lt;Single&gt; [G, G]: what each place of a grid over the image
    /// adds to the class, row by row from the top left. Positive places spoke for the class, negative ones against it. Nothing is computed before the
    /// column is read; then it takes a few dozen times as long as the transformer's scores. A row whose image is missing or
    /// cannot be decoded has NaN everywhere, and so has one that is none of the classes, unless <paramref name="className"/> is given.
    /// </returns>
    /// <remarks>
    /// What is shared out among the places is a class's logit less the mean of all classes' logits: probabilities depend on such differences alone, and what a
    /// place says for all classes alike is left out. It is compared with an average picture: one of the mean color of the training images or, under a pretrained
    /// backbone, the mean picture of the backbone's training. The numbers of an image add up to ln p - mean(ln p) of its probabilities, less the same of that picture.
    /// <para>
    /// Few-shot classifiers add up a linear map of every place, and the numbers are its values. An image classifier's token mixers tell all places what one has
    /// seen; its numbers are integrated gradients over the tokens, which credit a place with what the others heard from it. Where a model scores
    /// every image together with its mirror image, they are the mean of both, the second mirrored back; the probabilities are means of probabilities.
    /// </para>
    /// <para>
    /// Places are as coarse as the model's tokens, and a token knows of its surroundings what the layers below it see: on a ResNet-18, whose places are 32 pixels
    /// apart, much of the picture. So the numbers say where the evidence is found, with a margin, and not which pixels it consists of.
    /// </para>
    /// </remarks>
    /// <exception cref="NotSupportedException">There is no such classifier in the model, or more than one.</exception>
    /// <exception cref="ArgumentException">The model has no class of that name, or the input lacks a column.</exception>
    public static IDataView Explain(this ModelOperationsCatalog catalog, ITransformer model, IDataView input, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ITransformer[] parts = [.. OnnxExport.Flatten(model)];
        _ = OnnxExport.Only<IExplainable>(parts, "An explanation needs exactly one image classifier or few-shot classifier");
        return parts.Aggregate(input, (data, part) => part is IExplainable classifier ? classifier.Explain(data, className) : part.Transform(data));
    }

    /// <summary>Draws contributions over their image: the image in grey, orange where a place spoke for the class and blue where it spoke against it.</summary>
    /// <param name="imageFile">The bytes of an image file: JPEG, PNG, GIF, BMP or WebP.</param>
    /// <param name="contributions">[G, G], as <see cref="Explain"/> gives them; the strongest of them gets the full colour, the others a share of it.</param>
    /// <returns>A PNG file of the image's shape whose longer side is that of the image, but at least 256 and at most 1024 pixels.</returns>
    /// <exception cref="ArgumentException">The file cannot be decoded; or the contributions are no square grid, or not finite.</exception>
    public static byte[] DrawContributions(ReadOnlySpan<byte> imageFile, ReadOnlySpan<float> contributions)
    {
        var side = (int)Math.Sqrt(contributions.Length);
        if (side == 0 || side * side != contributions.Length)
        {
            throw new ArgumentException($"Contributions must be a square grid; there are {contributions.Length}.", nameof(contributions));
        }

        foreach (var value in contributions)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException(FormattableString.Invariant($"Contributions must be finite; one is {value}. Rows without an image, or that are none of the classes, have NaN."), nameof(contributions));
            }
        }

        return ContributionOverlay.Draw(imageFile, contributions, side);
    }
}
