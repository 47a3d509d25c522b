using System.CommandLine.Parsing;
using Microsoft.ML.TTT;

namespace MLExt.Commands;

/// <summary>How token mixers are called on the command line: the enum's words, small and joined with '-'.</summary>
internal static class MixerNames
{
    private static readonly SortedDictionary<string, TokenMixer> ByName =
        new(Enum.GetValues<TokenMixer>().ToDictionary(Of), StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, for help and messages.</summary>
    public static string Listed => string.Join(", ", ByName.Keys);

    /// <summary>The name of a mixer.</summary>
    public static string Of(TokenMixer mixer)
    {
        var word = mixer.ToString();
        return string.Concat(word.Select((c, i) => StartsWord(word, i) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
    }

    /// <summary>The mixer that an option's value names.</summary>
    public static TokenMixer? Parse(ArgumentResult result)
    {
        var name = result.Tokens.Single().Value;
        if (ByName.TryGetValue(name, out var mixer))
        {
            return mixer;
        }

        result.AddError($"--token-mixer must be one of {Listed}; it is '{name}'.");
        return null;
    }

    /// <summary>A capital after a small letter, or the last capital of a row that a small letter follows.</summary>
    private static bool StartsWord(string word, int i) =>
        i > 0 && char.IsUpper(word[i]) && (char.IsLower(word[i - 1]) || (i + 1 < word.Length && char.IsLower(word[i + 1])));
}
