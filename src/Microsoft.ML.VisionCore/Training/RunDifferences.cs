using System.Text.Json;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>In what two runs differ, value by value. What a <see cref="RunFingerprint"/> says of a thing may be an object in JSON.</summary>
internal static class RunDifferences
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
        { ValueKind: JsonValueKind.Null } => "none",
        { ValueKind: JsonValueKind.Object } => "given",
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } said ? said : "none",
        { } other => other.GetRawText(),
    };

    private static JsonElement? Part(string? text) => text switch
    {
        null => null,
        ['{', ..] => JsonSerializer.Deserialize<JsonElement>(text),
        _ => JsonSerializer.SerializeToElement(text),
    };
}
