namespace MLExtensions.Serving;

/// <summary>Prints a table in Markdown, row by row.</summary>
internal static class Table
{
    /// <summary>The head.</summary>
    internal static void Head(params string[] columns)
    {
        Console.WriteLine($"\n| {string.Join(" | ", columns)} |\n|{string.Concat(Enumerable.Repeat("---|", columns.Length))}");
    }

    /// <summary>A row.</summary>
    internal static void Row(params FormattableString[] cells) => Console.WriteLine($"| {string.Join(" | ", cells.Select(FormattableString.Invariant))} |");
}
