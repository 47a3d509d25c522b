using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.TTT;

/// <summary>A data set with its two columns found and checked, before a row is read.</summary>
internal sealed class TttTrainingData
{
    private readonly IDataView _data;
    private readonly ImageColumn _image;
    private readonly DataViewSchema.Column _label;
    private readonly long _cacheBytes;
    private readonly string _name;

    /// <param name="data">The rows.</param>
    /// <param name="options">The names of the columns and the memory for pixels.</param>
    /// <param name="name">What the data set is, as messages name it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public TttTrainingData(IDataView data, TTTImageClassificationTrainer.Options options, string name)
    {
        _data = data;
        _name = name;
        _cacheBytes = options.Recipe.PixelCacheBytes;
        _image = ImageColumn.Bind(data.Schema, options.FeatureColumnName, $"feature ({name})");
        (_label, Labels) = ClassLabels.Bind(data.Schema, options.LabelColumnName, $"label ({name})");
    }

    public ClassLabels Labels { get; }

    public int SuggestSide() => ImageColumn.SuggestSide(_data, _image);

    public ImageBackbone Backbone(TTTImageClassificationTrainer.Options options, IChannel channel) =>
        BackboneChoice.Of(options.Backbone, options.ImageSize, _data, _image, channel);

    /// <summary>Refuses a validation set whose classes are not those of the training set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Number or names of the classes differ.</exception>
    public void CheckMatches(TttTrainingData training)
    {
        if (Labels.Count != training.Labels.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(training),
                $"The {_name} has {Labels.Count} classes in column '{_label.Name}', the {training._name} has {training.Labels.Count}. " +
                "Make the keys of both with one fitted MapValueToKey.");
        }

        if (Labels.ToText() is { } mine && training.Labels.ToText() is { } theirs && !mine.AsSpan().SequenceEqual(theirs))
        {
            var first = mine.Zip(theirs).TakeWhile(pair => pair.First == pair.Second).Count();
            throw new ArgumentOutOfRangeException(nameof(training),
                $"Class {first + 1} is '{mine[first]}' in the {_name} and '{theirs[first]}' in the {training._name}. " +
                "Make the keys of both with one fitted MapValueToKey.");
        }
    }

    public ImageDataSet Read(IHost host, IChannel channel, int side, CancellationToken cancellationToken) =>
        ImageDataSet.Read(host, channel, _data, _image, _label, side, _cacheBytes, cancellationToken);

    /// <summary>Refuses data that nothing can be learned from.</summary>
    /// <exception cref="InvalidOperationException">There are no images, or images of one class only.</exception>
    public void CheckUsable(ImageDataSet images)
    {
        if (images.Count == 0)
        {
            throw Empty(images);
        }

        if (images.LabelCounts.Count(count => count > 0) == 1)
        {
            var only = Array.FindIndex(images.LabelCounts, count => count > 0);
            throw new InvalidOperationException(
                $"The {_name} has images of one class only, '{Labels.NameOf(only)}' ({images.Count} images); at least 2 classes are needed.");
        }
    }

    /// <summary>What is wrong with a data set without images.</summary>
    public InvalidOperationException Empty(ImageDataSet images) => new(images.Skipped == 0
        ? $"The {_name} is empty."
        : $"The {_name} has no row with a label and an image that can be read in column '{_image.Column.Name}'; " +
            $"{images.Skipped} rows were skipped. First: {images.FirstProblem}");
}
