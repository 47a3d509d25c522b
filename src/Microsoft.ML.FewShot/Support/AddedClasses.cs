using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>Joins a kept support set and new samples, whose classes are the same where their names are.</summary>
internal static class AddedClasses
{
    /// <summary>The samples of both, under classes of which the old ones come first.</summary>
    /// <param name="kept">The kept support set.</param>
    /// <param name="rows">What was read of the new samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The labels of both are of different kinds.</exception>
    public static SupportRows Join(SupportSet kept, SupportRows rows)
    {
        if (!Equals(kept.Labels.ValueType, rows.Labels.ValueType))
        {
            throw new ArgumentOutOfRangeException(nameof(rows),
                $"The labels of the classifier are {Kind(kept.Labels)}, those of the examples {Kind(rows.Labels)}; they must be of one kind, so that their classes can be compared.");
        }

        var names = Names(kept.Labels).ToList();
        var numbers = names.Select((name, number) => (name, number)).ToDictionary(pair => pair.name, pair => pair.number, StringComparer.Ordinal);
        var samples = rows.Tasks.Values.SelectMany(task => task).ToArray();
        var seen = samples.SelectMany(sample => sample.Classes).ToHashSet();
        // Of a key that has more classes than the examples, those without an example add nothing.
        foreach (var name in Names(rows.Labels).Where((_, number) => seen.Contains(number)))
        {
            if (numbers.TryAdd(name, names.Count))
            {
                names.Add(name);
            }
        }

        var added = samples.Select(sample => sample with { Classes = [.. sample.Classes.Select(number => numbers[rows.Labels.NameOf(number)]).Order()] });
        var old = kept.Samples.Select(sample => sample with { Classes = [.. sample.Classes.Select(slot => kept.Classes[slot]).Order()] });
        var labels = kept.Labels.ValueType is { } type ? KeyValueCodec.Parse(KeyValueCodec.NameOf(type), [.. names]) : new ClassLabels(names.Count);
        return rows with { Labels = labels, Tasks = new Dictionary<string, IReadOnlyList<SupportSample>> { [""] = [.. old, .. added] } };
    }

    private static IEnumerable<string> Names(ClassLabels labels) => Enumerable.Range(0, labels.Count).Select(labels.NameOf);

    private static string Kind(ClassLabels labels) => labels.ValueType is { } type ? $"values of type {type}" : "keys without values";
}
