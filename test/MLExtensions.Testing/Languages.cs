namespace MLExtensions.Testing;

/// <summary>What .NET knows of languages and scripts, which a system without ICU, or a process that is told to do without, lacks.</summary>
public static class Languages
{
    private const string Composed = "\u00e9", Decomposed = "e\u0301";

    /// <summary>Ends a test without a verdict where there is nothing but the invariant culture, in which letters are not composed either.</summary>
    public static void Require()
    {
        if (Decomposed.Normalize() != Composed)
        {
            Assert.Inconclusive("There is no culture but the invariant one here.");
        }
    }
}
