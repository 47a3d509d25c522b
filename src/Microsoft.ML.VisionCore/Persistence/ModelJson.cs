using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.VisionCore.Persistence;

/// <summary>
/// How the packages write and read the JSON beside weights: a record for each part, every member of which must be there unless it has a default,
/// and no other. What it throws has no inner exception: ML.NET wraps it, and the innermost exception is where users find the reason.
/// </summary>
internal static class ModelJson
{
    private const int Longest = 1 << 26;

    private static readonly JsonSerializerOptions Options = new()
    {
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    public static string ToText<T>(T part) => JsonSerializer.Serialize(part, Options);

    public static void Write<T>(Stream stream, T part) => JsonSerializer.Serialize(stream, part, Options);

    /// <summary>Reads a whole stream.</summary>
    /// <param name="stream">UTF-8.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <exception cref="FormatException">It is too long, no JSON, or lacks a member, has one too many or one of the wrong kind; the message names it.</exception>
    public static T Read<T>(Stream stream, string what)
        where T : class
    {
        if (stream.Length > Longest)
        {
            throw new FormatException($"The configuration of the {what} is {stream.Length} bytes long; at most {Longest} are read.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(stream, Options) ?? throw new FormatException($"The configuration of the {what} is null.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The configuration of the {what} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Refuses empty names of columns; null is a column that is not used.</summary>
    /// <exception cref="FormatException">A name is empty.</exception>
    public static void CheckColumns(string what, params (string Part, string? Name)[] columns) =>
        Check(columns.Where(column => column.Name is "").Select(column => $"'{column.Part}' is empty."), what, "columns");

    /// <summary>Refuses a part that can be read, but not be.</summary>
    /// <param name="violations">Everything that is wrong with it.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <param name="part">The name of the part in the file.</param>
    /// <exception cref="FormatException">Something is wrong; the message says all.</exception>
    public static void Check(IEnumerable<string> violations, string what, string part)
    {
        string[] all = [.. violations];
        if (all.Length > 0)
        {
            throw new FormatException($"The configuration of the {what} is impossible in '{part}': {string.Join(" ", all)}");
        }
    }
}
