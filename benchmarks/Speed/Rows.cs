namespace MLExtensions.Benchmarks;

/// <summary>The rows of a table that a user asks for.</summary>
internal static class Rows
{
    /// <summary>Those that have all words in their names; says which there are where none has.</summary>
    internal static T[] Named<T>(IEnumerable<T> all, Func<T, string> name, IReadOnlyCollection<string> words)
    {
        var found = all.Where(row => words.All(word => name(row).Contains(word, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (found.Length == 0)
        {
            Console.Error.WriteLine($"No row has {string.Join(" and ", words)} in its name. The rows:{Environment.NewLine}{string.Join(Environment.NewLine, all.Select(name))}");
        }

        return found;
    }
}
