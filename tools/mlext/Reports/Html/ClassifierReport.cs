using System.Globalization;
using MLExt.Data;
using MLExt.Models;
using MLExt.Training;

namespace MLExt.Reports.Html;

/// <summary>The HTML report of a trained or measured classifier.</summary>
internal sealed record ClassifierReport
{
    /// <summary>The most files that are named.</summary>
    private const int MostNamed = 20;

    /// <summary>What it is about.</summary>
    public required string Title { get; init; }

    /// <summary>More about that, in a line.</summary>
    public required string Subtitle { get; init; }

    /// <summary>The answers on images that were held out; null where there were none.</summary>
    public ImageEvaluation? Evaluation { get; init; }

    /// <summary>The images that were measured on.</summary>
    public ImageSet? Images { get; init; }

    /// <summary>Draws what spoke for the model's answer over an image; null to leave that out.</summary>
    public Func<byte[], byte[]?>? Overlay { get; init; }

    /// <summary>The curves of the training; empty where there was none.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    /// <summary>Data, options, and whatever else the result came from; software versions are added.</summary>
    public required IReadOnlyList<Facts> Facts { get; init; }

    /// <summary>The file's text.</summary>
    public override string ToString()
    {
        var (evaluation, images) = (Evaluation, Images);
        var isMeasured = evaluation is not null && images is not null;
        return new ReportPage(
            Title,
            Subtitle,
            Summary(evaluation?.Figures),
            CurveSection.Of(Curve),
            isMeasured ? ConfusionTable.Section(evaluation!) : null,
            isMeasured ? ReliabilityDiagram.Section(evaluation!.Calibration) : null,
            isMeasured ? ClassTable.Section(evaluation!.Figures) : null,
            isMeasured ? ImageGallery.MostWrong(evaluation!, images!, Overlay) : null,
            isMeasured ? ImageGallery.Samples(evaluation!, images!) : null,
            isMeasured ? Undecodable(evaluation!, images!) : null,
            Html.Facts.Section([.. Facts, Html.Facts.Software()])).ToString();
    }

    private static ReportSection Summary(Figures? figures) => new("Summary", figures is null
        ? Markup.Of($"""<p class="note">Nothing was measured: no image was held back.</p>""")
        : Tiles.Of(
            ("Micro accuracy", Number(figures.MicroAccuracy)),
            ("Macro accuracy", Number(figures.MacroAccuracy)),
            ("Log-loss", Number(figures.LogLoss)),
            ("Log-loss reduction", Number(figures.LogLossReduction)),
            ("Images measured", figures.Images.ToString(CultureInfo.InvariantCulture)),
            ("Classes", figures.Classes.Count.ToString(CultureInfo.InvariantCulture))));

    private static ReportSection? Undecodable(ImageEvaluation evaluation, ImageSet images) => evaluation.Undecodable.Count == 0 ? null
        : new("Could not be decoded", Markup.Of($"""
            <p class="note">{evaluation.Undecodable.Count} of the images to measure on were left out{(evaluation.Undecodable.Count > MostNamed ? $"; the first {MostNamed}" : "")}:</p>
            <ul>{evaluation.Undecodable.Take(MostNamed).Select(i => Markup.Of($"<li>{images.Path(i)}</li>"))}</ul>
            """));

    private static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "–";
}
