using Microsoft.ML.FewShot;
using MLExt.Commands.FewShot;

namespace MLExt.Reports;

/// <summary>The JSON of <c>mlext few-shot adapt</c>.</summary>
internal sealed class AdaptationReport(FewShotClassifier classifier)
{
    /// <summary>The model file, <c>symbols</c> or <c>photographs</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The support set.</summary>
    public required string Support { get; init; }

    /// <summary>The classifier's file.</summary>
    public required string Classifier { get; init; }

    /// <summary>How the classifier was made.</summary>
    public string Method { get; } = FewShotMethodNames.Of(classifier.Method);

    /// <summary>Class names in the order of the scores.</summary>
    public IReadOnlyList<string> Classes { get; } = classifier.Classes;

    /// <summary>Labelled images that could be read.</summary>
    public int Labelled { get; } = classifier.LabeledCount ?? 0;

    /// <summary>Unlabelled images that could be read.</summary>
    public int Unlabelled { get; } = classifier.UnlabeledCount ?? 0;

    /// <summary>Weights of the classifier.</summary>
    public long Weights { get; } = classifier.WeightCount;

    /// <summary>Size of the classifier's file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Seconds from the image files to the classifier in memory, decoding and everything done for the first time included.</summary>
    public required double Seconds { get; init; }

    /// <summary>What computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The software that computed.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; } = SoftwareVersions.All();
}
