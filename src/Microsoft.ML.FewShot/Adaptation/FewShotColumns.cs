using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Adaptation;

/// <summary>The names of all columns that few-shot models read and add.</summary>
/// <param name="Label">The labels of support rows.</param>
/// <param name="Feature">The images or features.</param>
/// <param name="Group">What tells tasks apart; null where there is one task.</param>
/// <param name="Candidates">The candidate classes of rows without a label; null where there are none.</param>
/// <param name="Added">The columns added.</param>
internal sealed record FewShotColumns(string Label, string Feature, string? Group, string? Candidates, ScoreColumns Added)
{
    /// <summary>The standard names.</summary>
    public static FewShotColumns Standard => Of(new FewShotClassifierOptions());

    public static FewShotColumns Of(FewShotClassifierOptions options) => new(options.LabelColumnName, options.FeatureColumnName, null,
        options.CandidatesColumnName, new ScoreColumns(options.ScoreColumnName, options.PredictedLabelColumnName));

    /// <summary>What is wrong with the names.</summary>
    /// <param name="names">Each with the property or parameter that gives it; null is a column that is not used.</param>
    public static IEnumerable<string> Violations(params (string Role, string? Name)[] names)
    {
        foreach (var (role, _) in names.Where(column => column.Name is { } name && string.IsNullOrWhiteSpace(name)))
        {
            yield return $"{role} must be the name of a column; it is empty.";
        }

        foreach (var group in names.Where(column => !string.IsNullOrWhiteSpace(column.Name)).GroupBy(column => column.Name).Where(group => group.Count() > 1))
        {
            yield return $"{string.Join(" and ", group.Select(column => column.Role))} must be different columns; all are '{group.Key}'.";
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">There are violations; the message names all.</exception>
    public static void Throw(IEnumerable<string> violations, string parameterName)
    {
        string[] all = [.. violations.Distinct()];
        if (all.Length > 0)
        {
            throw new ArgumentOutOfRangeException(parameterName, string.Join(Environment.NewLine, all));
        }
    }
}
