using System.Globalization;

namespace MLExtensions.Serving;

/// <summary>A classifier of two symbols whose classes nobody else has, so that an answer says who gave it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Tenant">Whose it is.</param>
internal sealed record KnownClassifier(int Number, string Tenant)
{
    /// <summary>What it is called.</summary>
    internal string Name => $"c{Number}";

    /// <summary>The symbols that it knows.</summary>
    internal IEnumerable<Glyph> Glyphs => [Glyph.All[Number % Glyph.All.Count], Glyph.All[(Number + 1) % Glyph.All.Count]];

    /// <summary>Its class of a symbol.</summary>
    internal string Class(Glyph glyph) => $"{Name}-{glyph.Name}";

    /// <summary>Classifiers that no run before this one has made.</summary>
    /// <param name="count">How many.</param>
    /// <param name="tenants">How many tenants have them, in turn.</param>
    internal static KnownClassifier[] Some(int count, int tenants)
    {
        var run = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(0, count).Select(number => new KnownClassifier(number, $"bench-{run}-{number % tenants}"))];
    }
}
