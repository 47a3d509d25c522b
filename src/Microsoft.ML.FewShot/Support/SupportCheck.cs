using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>Refuses support sets that no classifier can be made from, and says what is wrong.</summary>
internal static class SupportCheck
{
    private const int NamesShown = 5;

    /// <summary>The support set that all rows together are.</summary>
    /// <param name="rows">What was read.</param>
    /// <param name="shape">What the samples are.</param>
    /// <param name="labelColumn">The name of the label column.</param>
    /// <param name="maxWays">The most classes.</param>
    /// <param name="minWays">The fewest.</param>
    /// <exception cref="InvalidOperationException">No row has a label; a class has no row; there are too many classes, or only one.</exception>
    public static SupportSet Whole(SupportRows rows, ExampleShape shape, string labelColumn, int maxWays, int minWays = ClassLabels.LeastCount)
    {
        if (rows.Tasks.Count == 0)
        {
            throw new InvalidOperationException(rows.Read == 0 ? "The support set is empty."
                : $"The support set has no row that can be read; {rows.Skipped} rows were left out. First: {rows.FirstProblem}.");
        }

        var samples = rows.Tasks.Values.Single();
        if (samples.All(sample => sample.Classes.Length == 0))
        {
            throw new InvalidOperationException(
                $"The support set has no labels: column '{labelColumn}' is missing in all {samples.Count} rows. At least one row of each class needs a label.");
        }

        var seen = samples.SelectMany(sample => sample.Classes).ToHashSet();
        string[] empty = [.. Enumerable.Range(0, rows.Labels.Count).Where(number => !seen.Contains(number)).Select(number => $"'{rows.Labels.NameOf(number)}'")];
        if (empty.Length > 0)
        {
            throw new InvalidOperationException(
                $"{(empty.Length == 1 ? "The class" : $"{empty.Length} classes")} {Shown(empty)} of column '{labelColumn}' {(empty.Length == 1 ? "has" : "have")} no row " +
                $"that can be read in the support set. Every class of the key needs one: fit MapValueToKey on the support set alone, or add rows.");
        }

        return Task(rows.Labels, samples, shape, labelColumn, maxWays, "The support set", minWays, ", or RejectUnknown for one");
    }

    /// <summary>The support set of one task.</summary>
    /// <exception cref="InvalidOperationException">There are too many classes, or only one.</exception>
    public static SupportSet Task(ClassLabels labels, IReadOnlyList<SupportSample> samples, ExampleShape shape, string labelColumn, int maxWays, string what,
        int minWays = ClassLabels.LeastCount, string hint = "")
    {
        var set = new SupportSet(shape, labels, samples);
        if (set.Classes.Count < minWays)
        {
            throw new InvalidOperationException(
                $"{what} has rows of one class only in column '{labelColumn}', '{labels.NameOf(set.Classes[0])}'; at least 2 classes are needed{hint}.");
        }

        return set.Classes.Count <= maxWays ? set : throw new InvalidOperationException(
            $"{what} has {set.Classes.Count} classes in column '{labelColumn}'; this model was trained for at most {maxWays} (MaxWays).");
    }

    private static string Shown(string[] names) => names.Length <= NamesShown ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(NamesShown))} and {names.Length - NamesShown} more";
}
