using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Adaptation;

/// <summary>What a generated classifier holds beside its network.</summary>
/// <param name="Columns">The names of the columns, of its support set too.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Method">What made it.</param>
/// <param name="Support">Its support set, where that is kept.</param>
internal sealed record FewShotClassifierModel(FewShotColumns Columns, ClassLabels Labels, FewShotMethod Method, SupportSet? Support)
{
    /// <summary>Makes a classifier.</summary>
    /// <param name="network">The model that makes it.</param>
    /// <param name="support">The samples.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="method">A method that the model can be used with.</param>
    /// <param name="keepsSupport">Whether the samples are kept.</param>
    public static (FewShotClassifierModel Model, ClassifierScorer Scorer) Create(FewShotNetwork network, SupportSet support, FewShotColumns columns, FewShotMethod method, bool keepsSupport)
    {
        var target = network.Adapt(support, method);
        var scorer = new ClassifierScorer(target, network.Scale, TaskClassifiers.SlotsOf(support), network.Device);
        return (new FewShotClassifierModel(columns, support.Labels, method, keepsSupport ? support : null), scorer);
    }
}
