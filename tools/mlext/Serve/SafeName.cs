namespace MLExt.Serve;

/// <summary>Turns what people call things into names of files.</summary>
internal static class SafeName
{
    private const int Longest = 100;

    // Those that Windows forbids, for files are downloaded to other machines.
    private static readonly char[] Forbidden = [.. "<>:\"/\\|?*"];

    /// <summary>The name without what files cannot have in theirs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="otherwise">Stands in where nothing is left.</param>
    public static string Of(string? name, string otherwise)
    {
        var safe = new string([.. (name ?? "").Select(c => char.IsControl(c) || Forbidden.Contains(c) ? '_' : c)]).Trim().Trim('.');
        return safe.Length == 0 ? otherwise : safe[..Math.Min(Longest, safe.Length)];
    }
}
