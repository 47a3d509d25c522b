using System.Globalization;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports.Html;

namespace MLExt.Reports;

/// <summary>The JSON of <c>mlext evaluate</c>.</summary>
internal sealed class EvaluationReport(Figures figures, double seconds) : FiguresReport(figures, seconds)
{
    /// <summary>The model file.</summary>
    public required string Model { get; init; }

    /// <summary>The data set.</summary>
    public required string DataSet { get; init; }

    /// <summary>What computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The software that computed.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; } = SoftwareVersions.All();

    /// <summary>The HTML report.</summary>
    /// <param name="evaluation">The answers.</param>
    /// <param name="images">The images.</param>
    /// <param name="overlay">Draws what spoke for the model's answer over an image; null where it cannot be drawn.</param>
    internal ClassifierReport ToHtml(ImageEvaluation evaluation, ImageSet images, Func<byte[], byte[]?>? overlay) => new()
    {
        Title = $"{Path.GetFileNameWithoutExtension(Model)}: evaluation",
        Subtitle = "Measured on a labelled data set.",
        Evaluation = evaluation,
        Images = images,
        Overlay = overlay,
        Facts =
        [
            new("Run",
            [
                ("Model", Model),
                ("Data set", DataSet),
                ("Images", images.Count.ToString(CultureInfo.InvariantCulture)),
                ("Device", Device),
                ("Seconds", Seconds.ToString("0.0", CultureInfo.InvariantCulture)),
            ]),
        ],
    };
}
