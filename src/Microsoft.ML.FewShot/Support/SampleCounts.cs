using System.Text.Json.Serialization;

namespace Microsoft.ML.FewShot.Support;

/// <summary>How many samples a classifier was made of.</summary>
/// <param name="Labeled">Those with a label, or with some candidates.</param>
/// <param name="Unlabeled">Those of which nothing was known.</param>
internal sealed record SampleCounts([property: JsonPropertyName("labeled")] int Labeled, [property: JsonPropertyName("unlabeled")] int Unlabeled)
{
    public static SampleCounts Of(SupportSet support)
    {
        var labeled = support.Samples.Count(sample => sample.Classes.Length > 0);
        return new SampleCounts(labeled, support.Samples.Count - labeled);
    }
}
