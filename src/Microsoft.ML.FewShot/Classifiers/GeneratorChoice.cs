using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>Which of several generators a support set is for.</summary>
internal static class GeneratorChoice
{
    // Of the pixels of a drawing, by how far they are from its darkest and lightest, in parts of what is between these.
    private const double Tone = 0.2;
    private const double TwoTones = 0.7;

    // The generator of symbols knows ink and paper: nearly black on nearly white, and mostly paper.
    private const int Ink = 64, Paper = 192;

    // Red, green and blue of something grey differ by no more than compression makes them.
    private const int GreyDifference = 6;

    /// <summary>
    /// The one of several generators that a support set is for: by its looks that of photographs, or for drawings the first other one, unless another is right about
    /// clearly more of the labelled samples, each left out in turn: by more than a standard error.
    /// </summary>
    /// <param name="generators">The generators, each with the samples as it sees them; at least one.</param>
    /// <returns>Its place in the list.</returns>
    public static int Of(IReadOnlyList<(FewShotNetwork Network, SupportSet Samples)> generators)
    {
        double[] shares = [.. generators.Select(one => LeaveOneOut(one.Network, one.Samples) ?? 0)];
        int[] photographs = [.. Enumerable.Range(0, shares.Length).Where(place => generators[place].Network.Shape is { IsImages: true, Embedding: not null })];
        var others = Enumerable.Range(0, shares.Length).Except(photographs);
        var isDrawn = photographs.Length > 0 && generators[photographs[0]].Samples.Samples.All(sample => IsDrawing(sample.Features));
        var likely = (isDrawn ? others.Concat(photographs) : photographs.Concat(others)).First();
        var best = Array.IndexOf(shares, shares.Max());
        var labeled = generators[likely].Samples.Samples.Count(sample => sample.Classes.Length == 1);
        return shares[best] > shares[likely] + (0.5 / Math.Sqrt(labeled)) ? best : likely;
    }

    /// <summary>The share of the labelled samples that the others of the support set classify rightly; null where no class has two.</summary>
    private static double? LeaveOneOut(FewShotNetwork network, SupportSet support)
    {
        using var mode = new TorchMode(gradients: false);
        using var scope = NewDisposeScope();
        var labels = new SupportLabels(support.Candidates(network.Device), null);
        using var head = new RidgeHead();
        var embedded = network.Backbone.call(support.ToTensor(network.Scale, network.Device).squeeze(0)).unsqueeze(0);
        return ((network.Model as EmbeddingModel)?.Head ?? head).LeaveOneOut(embedded, labels, RidgeHead.Penalty)?.Accuracy;
    }

    /// <summary>Whether an image, planes of red, green and blue [3, S, S], is dark ink on light paper: two tones of grey, little between them, and mostly the lighter one.</summary>
    internal static bool IsDrawing(ReadOnlySpan<byte> planes)
    {
        var area = planes.Length / 3;
        var (darkest, lightest, difference) = (255, 0, 0L);
        for (var i = 0; i < area; i++)
        {
            var (red, green, blue) = (planes[i], planes[area + i], planes[(2 * area) + i]);
            difference += Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue));
            (darkest, lightest) = (Math.Min(darkest, green), Math.Max(lightest, green));
        }

        if (difference > (long)GreyDifference * area || darkest > Ink || lightest < Paper)
        {
            return false;
        }

        var (low, high, outer) = (darkest + (Tone * (lightest - darkest)), lightest - (Tone * (lightest - darkest)), (Dark: 0, Light: 0));
        for (var i = 0; i < area; i++)
        {
            outer.Dark += planes[area + i] <= low ? 1 : 0;
            outer.Light += planes[area + i] >= high ? 1 : 0;
        }

        return outer.Dark + outer.Light >= TwoTones * area && outer.Light > outer.Dark;
    }
}
