using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>What a generated classifier holds beside its network.</summary>
/// <param name="Columns">The names of the columns, of its support set too.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Method">What made it.</param>
/// <param name="Support">Its support set, where that is kept.</param>
/// <param name="Samples">How many samples it was made of; null where its file does not say.</param>
/// <param name="FalseRejectionRate">The share of samples of the classes that may be rejected; null where nothing is.</param>
internal sealed record FewShotClassifierModel(
    FewShotColumns Columns, ClassLabels Labels, FewShotMethod Method, SupportSet? Support, SampleCounts? Samples, double? FalseRejectionRate);
