using System.Globalization;
using System.Text;
using Microsoft.ML;
using MLExt.Data;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Classifiers;

/// <summary>A support set as it arrives: every image is checked when it is added, and the whole at the end.</summary>
/// <param name="limits">What the app accepts.</param>
/// <param name="maxWays">The most classes that the generator can tell apart.</param>
internal sealed class SupportUpload(ServeLimits limits, int maxWays)
{
    /// <summary>The name of the form's field for unlabelled images.</summary>
    public const string Unlabelled = "*";

    private const int LongestName = 200;

    private readonly List<(string Label, byte[] Image)> _images = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The classes in the order of their first images, with the number of their images.</summary>
    public IReadOnlyList<ClassCount> Classes =>
        [.. _images.Select(image => image.Label).Where(label => label != Unlabelled).Distinct().Select(label => new ClassCount(label, _counts[label]))];

    /// <summary>The number of unlabelled images.</summary>
    public int UnlabelledCount => _counts.GetValueOrDefault(Unlabelled);

    /// <summary>The images, with an empty label where they have none, and what messages call them.</summary>
    public IEnumerable<(string What, byte[] Image)> Images
    {
        get
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (label, image) in _images)
            {
                yield return (Name(label, counts[label] = counts.GetValueOrDefault(label) + 1), image);
            }
        }
    }

    /// <summary>Checks the name of a class, and gives what messages call its next image.</summary>
    /// <exception cref="ProblemException">The name is impossible, or the class is full.</exception>
    public string Next(string label)
    {
        if (!label.EnumerateRunes().Any(IsVisible) || label.EnumerateRunes().Count() > LongestName || label.Any(char.IsControl))
        {
            throw ProblemException.BadRequest($"'{label}' is no name for a class: expected 1 to {LongestName} characters that can be seen, no line ends.");
        }

        var count = _counts.GetValueOrDefault(label) + 1;
        if (count > limits.ImagesPerClass)
        {
            throw ProblemException.TooLarge(label == Unlabelled
                ? $"There are more than {limits.ImagesPerClass} unlabelled images, which is the most."
                : $"The class '{label}' has more than {limits.ImagesPerClass} images, which is the most.");
        }

        if (count == 1 && label != Unlabelled && _counts.Keys.Count(key => key != Unlabelled) == Math.Min(limits.Classes, maxWays))
        {
            throw ProblemException.TooLarge(
                $"There are more than {Math.Min(limits.Classes, maxWays)} classes, which is the most{(maxWays <= limits.Classes ? " that the generator can tell apart" : "")}.");
        }

        return Name(label, count);
    }

    /// <summary>Adds an image.</summary>
    /// <param name="label">Its class, or <see cref="Unlabelled"/>.</param>
    /// <param name="image">The bytes of the file.</param>
    /// <exception cref="ProblemException">It is no image, or too much.</exception>
    public void Add(string label, byte[]? image)
    {
        image ??= []; // null in JSON
        label = label.Normalize(); // what looks the same is one class
        ImageCheck.Check(image, limits, Next(label));
        if ((_bytes += image.Length) > limits.SupportBytes)
        {
            throw ProblemException.TooLarge($"The images together have more than {limits.SupportBytes} bytes, which is the most.");
        }

        _images.Add((label, image));
        _counts[label] = _counts.GetValueOrDefault(label) + 1;
    }

    /// <summary>Checks that there is enough.</summary>
    /// <param name="minWays">The fewest classes: 1 for a classifier that may say that an image is of none, 2 for others.</param>
    /// <exception cref="ProblemException">There are fewer classes.</exception>
    public SupportUpload Complete(int minWays = 2) => Classes switch
    {
        [] => throw ProblemException.BadRequest(UnlabelledCount == 0 ? "There are no images." : "All images are unlabelled; at least two classes need one each."),
        [var only] when minWays > 1 => throw ProblemException.BadRequest($"There is the one class '{only.Name}'; a classifier needs two or more."),
        _ => this,
    };

    /// <summary>The images as rows for a generator.</summary>
    public IDataView ToDataView(MLContext context) => context.Data.LoadFromEnumerable(
        _images.Select(image => new ImageRow(image.Label == Unlabelled ? "" : image.Label, () => image.Image)).ToArray());

    // Joiners and marks of direction are parts of names, and no names.
    private static bool IsVisible(Rune rune) => !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format;

    private static string Name(string label, int number) => label == Unlabelled ? $"Unlabelled image {number}" : $"Image {number} of the class '{label}'";
}
