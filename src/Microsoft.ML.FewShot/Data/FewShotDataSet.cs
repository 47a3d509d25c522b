using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Data;

/// <summary>A data set of many classes with its two columns found and checked, before a row is read.</summary>
internal sealed class FewShotDataSet
{
    /// <summary>How many images are looked at to see whether there is colour.</summary>
    private const int ColorSample = 256;

    private readonly IDataView _data;
    private readonly ImageColumn? _image;
    private readonly VectorFeatures? _vectors;
    private readonly DataViewSchema.Column _label;
    private readonly ClassLabels _labels;

    /// <param name="data">The rows.</param>
    /// <param name="labelColumn">The name of the label column, a key.</param>
    /// <param name="featureColumn">The name of the feature column.</param>
    /// <param name="input">What the feature column is taken for.</param>
    /// <param name="name">What the data set is, as messages name it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public FewShotDataSet(IDataView data, string labelColumn, string featureColumn, FewShotInput input, string name)
    {
        _data = data;
        var role = $"feature ({name})";
        if (FewShotFeatures.IsVector(data.Schema, featureColumn, input))
        {
            _vectors = VectorFeatures.Bind(data.Schema, featureColumn, role);
        }
        else
        {
            _image = ImageColumn.Bind(data.Schema, featureColumn, role);
        }

        (_label, _labels) = ClassLabels.Bind(data.Schema, labelColumn, $"label ({name})");
    }

    /// <summary>The length of the vectors; 0 for images.</summary>
    public int FeatureLength => _vectors?.Length ?? 0;

    /// <summary>The names of the classes.</summary>
    public IEnumerable<string> ClassNames => Enumerable.Range(0, _labels.Count).Select(_labels.NameOf);

    /// <summary>Reads all examples into memory.</summary>
    /// <param name="host">Asked now and then whether all work is to stop.</param>
    /// <param name="channel">Told about rows that are left out.</param>
    /// <param name="side">The side S of images.</param>
    /// <param name="colors">Their colours C; null means grey where the images have no colour.</param>
    /// <param name="cancellationToken">Ends the pass with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The classes that have examples, and the number of rows left out.</returns>
    public (ExamplePool Pool, int Skipped) Read(IHost host, IChannel channel, int side, int? colors, CancellationToken cancellationToken)
    {
        string[] names = [.. ClassNames];
        if (_vectors is { } vectors)
        {
            var (pool, skipped) = ExamplePools.OfVectors(_data, vectors.Column, _label, names, cancellationToken);
            if (skipped > 0)
            {
                channel.Warning(MessageSensitivity.UserData,
                    $"{skipped} row(s) are left out: column '{vectors.Column.Name}' has values that are not finite numbers, or column '{_label.Name}' no label.");
            }

            return (pool, skipped);
        }

        var images = ImageDataSet.Read(host, channel, _data, _image!, _label, side, long.MaxValue, cancellationToken);
        return (ExamplePools.OfImages(images, names, colors ?? (IsGrey(images) ? 1 : 3)), images.Skipped);
    }

    private static bool IsGrey(ImageDataSet images)
    {
        var (count, area) = (Math.Min(ColorSample, images.Count), images.Side * images.Side);
        for (var i = 0; i < count; i++)
        {
            var pixels = images.Store.Cache[images.Rows[(int)((long)i * images.Count / count)]];
            if (!pixels[..area].SequenceEqual(pixels.Slice(area, area)) || !pixels[..area].SequenceEqual(pixels.Slice(2 * area, area)))
            {
                return false;
            }
        }

        return true;
    }
}
