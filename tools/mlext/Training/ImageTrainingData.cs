using MLExt.Data;

namespace MLExt.Training;

/// <summary>The images of a training run.</summary>
/// <param name="Training">Those to train on.</param>
/// <param name="Validation">Those to validate and measure on; may be empty.</param>
internal sealed record ImageTrainingData(ImageSet Training, ImageSet Validation)
{
    /// <summary>Share of the images held back when no validation set is given.</summary>
    private const double HeldShare = 0.1;

    /// <summary>Of large data sets no more than about this many images are held back.</summary>
    private const int HeldImages = 1000;

    /// <summary>The images of a data set, some of which are held back where there is no validation set.</summary>
    /// <param name="all">Images to train on.</param>
    /// <param name="validation">Images to validate on, or null; must outlive this.</param>
    /// <param name="seed">Decides which images are held back.</param>
    /// <exception cref="CommandException">There is only one class; or the validation set has a class that the training set has not.</exception>
    public static ImageTrainingData Of(ImageSet all, ImageStore? validation, int seed)
    {
        all.CheckClasses("a classifier");
        if (validation is not null)
        {
            return new(all, OfTrainedClasses(validation, all.Classes.ToHashSet()));
        }

        var (kept, held) = all.Split(Math.Min(HeldShare, (double)HeldImages / all.Count), seed);
        return new(kept, held);
    }

    private static ImageSet OfTrainedClasses(ImageStore store, HashSet<string> known)
    {
        var images = ImageSet.Of(store, known);
        if (images.Classes.FirstOrDefault(c => !known.Contains(c)) is { } stranger)
        {
            throw new CommandException($"The validation data set '{store.Location}' has the class '{stranger}', which the training data set has not.");
        }

        return images;
    }
}
