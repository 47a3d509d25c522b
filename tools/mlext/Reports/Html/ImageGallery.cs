using MLExt.Data;
using MLExt.Models;

namespace MLExt.Reports.Html;

/// <summary>Small pictures with what a model takes them for.</summary>
internal static class ImageGallery
{
    /// <summary>The most pictures of one section.</summary>
    private const int Most = 24;

    private const int Seed = 1;

    /// <summary>Some images of every class where there are not too many, chosen at random, the same at each time.</summary>
    public static ReportSection Samples(ImageEvaluation evaluation, ImageSet images) => new("Sample predictions", Markup.Of($"""
        <p class="note">{(evaluation.Images.Count > Most ? $"Chosen at random from {evaluation.Images.Count} images." : "All images that were measured.")}</p>
        {Of(Sample(evaluation.Images), images)}
        """));

    /// <summary>Some answers, of as many classes as there are, chosen at random, the same at each time.</summary>
    public static IEnumerable<EvaluatedImage> Sample(IEnumerable<EvaluatedImage> answers)
    {
        var shuffled = answers.ToArray();
        new Random(Seed).Shuffle(shuffled);
        return shuffled.GroupBy(i => i.Label).SelectMany(g => g.Select((image, rank) => (image, rank)))
            .OrderBy(pair => pair.rank).Select(pair => pair.image).Take(Most).OrderBy(i => i.Label, StringComparer.Ordinal).ThenBy(i => i.Image);
    }

    /// <summary>The wrong answers that the model was surest of; null where there is none.</summary>
    /// <param name="evaluation">The answers.</param>
    /// <param name="images">The images.</param>
    /// <param name="overlay">Draws what spoke for the answer over an image; null to leave that out.</param>
    public static ReportSection? MostWrong(ImageEvaluation evaluation, ImageSet images, Func<byte[], byte[]?>? overlay) => evaluation.MostWrong(Most) is not { Count: > 0 } wrong ? null
        : new("Most wrong", Markup.Of($"""
            <p class="note">The wrong answers that the model was surest of. Look here for images in the wrong folder.{(overlay is null ? "" : " Beside each: what spoke for the answer is orange, what spoke against it blue.")}</p>
            {Of(wrong, images, overlay)}
            """));

    /// <summary>Pictures with answers.</summary>
    public static Markup Of(IEnumerable<EvaluatedImage> answers, ImageSet images, Func<byte[], byte[]?>? overlay = null) =>
        Markup.Of($"""<ul class="{(overlay is null ? "images" : "images pairs")}">{answers.Select(answer => Picture(answer, images, overlay))}</ul>""");

    private static Markup Picture(EvaluatedImage answer, ImageSet images, Func<byte[], byte[]?>? overlay) => Markup.Of($"""
        <li>{Images(images.Read(answer.Image), answer, overlay)}
        {Verdict(answer)}
        {answer.Best.Skip(answer.IsRight ? 1 : 0).Select(c => Markup.Of($"<div>{c.Name} {100 * c.Probability:0.0}&#160;%</div>"))}
        <div class="path">{images.Path(answer.Image)}</div></li>
        """);

    private static Markup Verdict(EvaluatedImage answer) => answer.Label.Length == 0 ? default
        : answer.IsRight ? Markup.Of($"""<div class="yes">✓ {answer.Label} {100 * answer.Probability:0.0}&#160;%</div>""")
        : Markup.Of($"""<div class="no">✗ is {answer.Label}, given {100 * answer.LabelProbability:0.0}&#160;%</div>""");

    private static Markup Images(byte[] file, EvaluatedImage answer, Func<byte[], byte[]?>? overlay)
    {
        var image = Image(file, answer.Label.Length == 0 ? "an unlabelled image" : $"an image of {answer.Label}");
        return overlay?.Invoke(file) is { } drawn ? Markup.Of($"""<div class="pair">{image}{Image(drawn, $"what spoke for {answer.Predicted}")}</div>""") : image;
    }

    private static Markup Image(byte[] file, string text) => Thumbnail.Of(file) is { } address
        ? Markup.Of($"""<img src="{address}" alt="{text}">""")
        : Markup.Of($"""<div class="none">(no picture)</div>""");
}
