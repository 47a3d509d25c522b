using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>Reads support sets from a data view in one pass.</summary>
/// <param name="features">The features.</param>
/// <param name="labels">The labels.</param>
/// <param name="group">The column that tells tasks apart; null where all rows belong to one.</param>
internal sealed class SupportReader(IFeatureColumn features, LabelReader labels, GroupColumn? group = null)
{
    /// <summary>Reads all rows, or only those that say something about their class.</summary>
    /// <param name="environment">Told about rows that are left out.</param>
    /// <param name="data">The rows.</param>
    /// <param name="isMixed">Whether a row that says nothing about its class is a query, and no unlabelled sample.</param>
    public SupportRows Read(IHostEnvironment environment, IDataView data, bool isMixed)
    {
        var tasks = new Dictionary<string, List<SupportSample>>(StringComparer.Ordinal);
        var (read, skipped) = (0L, 0L);
        string? problem = null;
        using (var cursor = data.GetRowCursor([.. features.Sources, .. labels.Sources, .. group is null ? [] : new[] { group.Column }]))
        {
            var (readFeatures, readClasses, readGroup) = (features.CreateReader(cursor), labels.Open(cursor), group?.Open(cursor));
            var buffer = new byte[features.RowBytes];
            for (; cursor.MoveNext(); read++)
            {
                var classes = readClasses();
                if (isMixed && classes.Length == 0)
                {
                    continue;
                }

                var task = readGroup is null ? "" : readGroup();
                if ((task is null ? "its group is missing" : readFeatures(buffer)) is { } reason)
                {
                    problem ??= $"row {cursor.Position}: {reason}";
                    skipped++;
                    continue;
                }

                if (!tasks.TryGetValue(task!, out var samples))
                {
                    tasks.Add(task!, samples = []);
                }

                samples.Add(new SupportSample([.. buffer], classes));
            }
        }

        var (all, numbers) = labels.Finish();
        Warn(environment, skipped, problem, Unlabelled(all, tasks.Values.SelectMany(samples => Renumber(samples, numbers))));
        return new SupportRows(all, tasks.ToDictionary(pair => pair.Key, pair => Renumber(pair.Value, numbers), StringComparer.Ordinal), read, skipped, problem);
    }

    private static IReadOnlyList<SupportSample> Renumber(List<SupportSample> samples, int[]? numbers) => numbers is null ? samples
        : [.. samples.Select(sample => sample with { Classes = [.. sample.Classes.Select(number => numbers[number]).Order()] })];

    // Classes that are among candidates and no row's label, as a misspelt name is.
    private static string[] Unlabelled(ClassLabels labels, IEnumerable<SupportSample> samples)
    {
        var seen = samples.Where(sample => sample.Classes.Length > 0).ToLookup(sample => sample.Classes.Length == 1, sample => sample.Classes);
        return [.. seen[false].SelectMany(classes => classes).Except(seen[true].Select(classes => classes[0])).Order().Select(number => $"'{labels.NameOf(number)}'")];
    }

    private void Warn(IHostEnvironment environment, long skipped, string? problem, string[] unlabelled)
    {
        using var channel = environment.Start("Reading a support set");
        if (unlabelled.Length > 0)
        {
            channel.Warning(MessageSensitivity.UserData, $"No row has the label {string.Join(" or ", unlabelled)}, which {(unlabelled.Length == 1 ? "is" : "are")} among candidates only.");
        }

        if (skipped > 0)
        {
            channel.Warning(MessageSensitivity.UserData,
                $"{skipped} support row(s) are left out: column '{features.Column.Name}' has no {features.Noun} that can be read. First: {problem}.");
        }
    }
}

/// <summary>What was read of support sets: the samples of every task.</summary>
/// <param name="Labels">All classes.</param>
/// <param name="Tasks">The samples by task; where there is no group column, one task with an empty name, if there is a sample.</param>
/// <param name="Read">The number of rows read.</param>
/// <param name="Skipped">The rows left out because they have no features that can be read.</param>
/// <param name="FirstProblem">Which row was left out first, and why.</param>
internal sealed record SupportRows(
    ClassLabels Labels, IReadOnlyDictionary<string, IReadOnlyList<SupportSample>> Tasks, long Read, long Skipped, string? FirstProblem);
