using System.Text.RegularExpressions;

namespace MLExt.Serve.Http;

/// <summary>What tenants and classifiers may be called: a part of an address that needs no escapes, and of a key in any store.</summary>
internal static partial class KeyName
{
    private const int LongestShown = 80;

    /// <summary>Whether something is such a name.</summary>
    public static bool Is(string name) => Pattern().IsMatch(name);

    /// <summary>Checks one.</summary>
    /// <param name="what">What has the name, for messages.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="ProblemException">It is none.</exception>
    public static void Check(string what, string name)
    {
        if (!Is(name))
        {
            throw ProblemException.BadRequest($"{what} is '{(name.Length > LongestShown ? name[..LongestShown] + "…" : name)}'; expected 1 to 64 letters A to Z and a to z, digits, dots, hyphens and underscores, the first a letter or digit.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
