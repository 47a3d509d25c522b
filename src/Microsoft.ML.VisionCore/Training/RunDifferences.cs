using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>In what two runs differ, value by value. What a <see cref="RunFingerprint"/> says of a thing may be an object in JSON, several by name, or a record as text.</summary>
internal static partial class RunDifferences
{
    /// <summary>The differences that a message spells out.</summary>
    private const int Spelt = 3;

    /// <summary>The first differences as words; empty where there are none.</summary>
    /// <param name="now">What the run says, by name.</param>
    /// <param name="saved">What the other says of such a name; null where it says nothing.</param>
    public static string Describe(IReadOnlyDictionary<string, string> now, Func<string, string?> saved)
    {
        string[] all = [.. now.Where(pair => saved(pair.Key) != pair.Value).SelectMany(pair => Between(pair.Key, [], Part(pair.Value), Part(saved(pair.Key))))];
        return string.Join("; ", all.Take(Spelt)) + (all.Length > Spelt ? $"; and {all.Length - Spelt} more" : "");
    }

    private static IEnumerable<string> Between(string name, string[] path, JsonElement? now, JsonElement? saved)
    {
        if (now is not { ValueKind: JsonValueKind.Object } one || saved is not { ValueKind: JsonValueKind.Object } other)
        {
            return Text(now) == Text(saved) ? [] : [$"{(path.Length == 0 ? "" : $"{string.Join('.', path)} of the ")}{name} is {Text(now)}, in the checkpoint {Text(saved)}"];
        }

        return one.EnumerateObject().Concat(other.EnumerateObject()).Select(property => property.Name).Distinct()
            .SelectMany(key => Between(name, [.. path, key], Property(one, key), Property(other, key)));
    }

    private static JsonElement? Property(JsonElement whole, string name) => whole.TryGetProperty(name, out var found) ? found : null;

    private static string Text(JsonElement? value) => value switch
    {
        null => "absent",
        { ValueKind: JsonValueKind.Object } => "given",
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } said ? said : "none",
        { } other => other.GetRawText(),
    };

    private static JsonElement? Part(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            var json = text is ['{', ..] ? text
                : RecordStart().IsMatch(text) ? RecordAsJson(text)
                : NamedObjects().IsMatch(text) ? $"{{{string.Join(',', NamedObject().Matches(text).Select(found => $"\"{found.Groups["name"].Value}\":{found.Groups["json"].Value}"))}}}"
                : JsonSerializer.Serialize(text);
            return JsonSerializer.Deserialize<JsonElement>(json);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }

    // "TYPE { NAME = VALUE, NAME = TYPE { … } }, REST", as records write themselves.
    private static string RecordAsJson(string text)
    {
        var end = text.LastIndexOf('}');
        var json = RecordEntry().Replace(text[..(end + 1)], found => $"\"{found.Groups["name"].Value}\":{(found.Groups["value"].Success ? JsonSerializer.Serialize(found.Groups["value"].Value) : "{")}");
        var rest = text[(end + 1)..].Trim(',', ' ');
        return json[json.IndexOf('{', StringComparison.Ordinal)..^1] + (rest.Length > 0 ? $",\"repetition\":{JsonSerializer.Serialize(rest)}}}" : "}");
    }

    [GeneratedRegex(@"^\w+ \{.*\}$")]
    private static partial Regex NamedObjects();

    [GeneratedRegex(@"(?<name>\w+) (?<json>\{.*?\})(?:; |$)")]
    private static partial Regex NamedObject();

    [GeneratedRegex(@"^\w+ \{(?= \w+ = )")]
    private static partial Regex RecordStart();

    [GeneratedRegex(@"(?<name>\w+) = (?:\w+ \{|(?<value>[^,{}]*?)(?=, \w+ = | \}))")]
    private static partial Regex RecordEntry();
}
