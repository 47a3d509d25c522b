namespace MLExt.Serve;

/// <summary>Turns what people call things into names of files.</summary>
internal static class SafeName
{
    /// <summary>The most bytes in UTF-8; file systems take 255, endings included.</summary>
    private const int Longest = 200;

    // Those that Windows forbids, for files are downloaded to other machines.
    private static readonly char[] Forbidden = [.. "<>:\"/\\|?*"];

    /// <summary>The name without what files cannot have in theirs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="otherwise">Stands in where nothing is left.</param>
    public static string Of(string? name, string otherwise)
    {
        var safe = new string([.. (name ?? "").Select(c => char.IsControl(c) || Forbidden.Contains(c) ? '_' : c)]).Trim().Trim('.');
        return safe.Length == 0 ? otherwise : Start(safe);
    }

    // No letter is cut in two.
    private static string Start(string name)
    {
        var (length, bytes) = (0, 0);
        foreach (var rune in name.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > Longest)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return name[..length].TrimEnd();
    }
}
