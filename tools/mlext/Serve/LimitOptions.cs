using System.CommandLine;
using MLExt.Commands;

namespace MLExt.Serve;

/// <summary>The options of <c>mlext serve</c> that say what it accepts and keeps.</summary>
internal sealed class LimitOptions
{
    private const int Mega = 1 << 20;
    private const int Million = 1_000_000;

    /// <summary>The most classifiers of a tenant of a cluster.</summary>
    private const int Hosted = 1000;

    private static readonly ServeLimits Defaults = new();

    private readonly Option<int?> _upload = Limit("--max-upload", "MB", "The largest data set that may be uploaded, in MB.", (int)(Defaults.UploadBytes / Mega));
    private readonly Option<int?> _image = Limit("--max-image", "MB", "The largest image file, in MB.", Defaults.ImageBytes / Mega);
    private readonly Option<int?> _pixels = Limit("--max-pixels", "N", "The most pixels of an image, in millions.", (int)(Defaults.ImagePixels / Million));
    private readonly Option<int?> _classes = Limit("--max-classes", "N", "The most classes of a data set or a classifier.", Defaults.Classes);
    private readonly Option<int?> _images = Limit("--max-examples", "N", "The most examples of a class of a generated classifier, and the most unlabelled ones.", Defaults.ImagesPerClass);
    private readonly Option<int?> _classifiers = Limit("--max-classifiers", "N", $"Generated classifiers that are kept; then the least recently used one goes. With --cluster those of a tenant, {Hosted} unless said; then more are refused.", Defaults.Classifiers);

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_upload, _image, _pixels, _classes, _images, _classifiers];

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isInCluster">Whether classifiers are a cluster's.</param>
    public ServeLimits Read(ParseResult parsed, bool isInCluster) => Defaults with
    {
        UploadBytes = (long)parsed.GetRequiredValue(_upload)! * Mega,
        ImageBytes = (int)Math.Min(int.MaxValue, (long)parsed.GetRequiredValue(_image)! * Mega),
        ImagePixels = (long)parsed.GetRequiredValue(_pixels)! * Million,
        Classes = (int)parsed.GetRequiredValue(_classes)!,
        ImagesPerClass = (int)parsed.GetRequiredValue(_images)!,
        Classifiers = isInCluster && parsed.GetResult(_classifiers) is not { Implicit: false } ? Hosted : (int)parsed.GetRequiredValue(_classifiers)!,
    };

    private static Option<int?> Limit(string name, string unit, string description, int usual) =>
        new Option<int?>(name) { HelpName = unit, Description = description, DefaultValueFactory = _ => usual }.AtLeast(1);
}
