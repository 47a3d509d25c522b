using System.Text.Json;

namespace Microsoft.ML.VisionCore.Options;

/// <summary>Reads the sizes of a model from the JSON beside its weights, and believes none that are impossible.</summary>
internal static class ShapeJson
{
    /// <param name="json">The text.</param>
    /// <param name="options">How it was written.</param>
    /// <param name="violations">Everything that is wrong with a shape.</param>
    /// <param name="what">Whose shape it is, as messages name it.</param>
    /// <exception cref="FormatException">The text is no shape, has members this version does not know, or is impossible.</exception>
    public static T Read<T>(string json, JsonSerializerOptions options, Func<T, IEnumerable<string>> violations, string what)
        where T : class
    {
        T? shape;
        try
        {
            shape = JsonSerializer.Deserialize<T>(json, options);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The {what}'s shape cannot be read: {exception.Message}");
        }

        string[] found = shape is null ? ["it is null."] : [.. violations(shape)];
        return found.Length == 0 ? shape! : throw new FormatException($"The {what}'s shape is impossible: {string.Join(" ", found)}");
    }
}
