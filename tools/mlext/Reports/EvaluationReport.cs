using MLExt.Models;

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
}
