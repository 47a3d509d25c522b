using System.Globalization;

namespace MLExtensions.Ranks;

/// <summary>Words of the form NAME=VALUE.</summary>
internal sealed class Settings(IEnumerable<string> words)
{
    private readonly Dictionary<string, string> _values = words.Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public double? Number(string name) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>RANK@N.</summary>
    public (int Rank, int Meeting)? Fault(string name) =>
        Text(name)?.Split('@') is [var rank, var meeting] ? (int.Parse(rank, CultureInfo.InvariantCulture), int.Parse(meeting, CultureInfo.InvariantCulture)) : null;
}
