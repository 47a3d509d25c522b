using System.Text.RegularExpressions;

namespace MLExtensions.Testing;

/// <summary>Where <c>mlext serve</c> says that the app is.</summary>
public static partial class ServedAddress
{
    /// <summary>The address in what it says; null where there is none.</summary>
    public static Uri? In(string? said) => Pattern().Match(said ?? "") is { Success: true } found ? new Uri(found.Value) : null;

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Pattern();
}
