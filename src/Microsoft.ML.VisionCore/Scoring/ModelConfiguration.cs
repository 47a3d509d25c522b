using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>The JSON beside a model's weights: what classifiers have in common, and how it is read with care.</summary>
/// <remarks>
/// What it throws has no inner exception: ML.NET wraps it, and the innermost exception is where users find the reason.
/// Labels are written as
///   classes: int
///   keyValues: { type, values: [strings] }, or null where the label had none
/// and a normalisation as { mean: [floats], deviation: [floats] }, one of each a colour, in units of bytes.
/// </remarks>
/// <param name="what">What the model is, as messages name it.</param>
internal sealed class ModelConfiguration(string what)
{
    private const int Longest = 1 << 26;

    /// <summary>Writes classes into <paramref name="config"/>.</summary>
    public static void Write(JsonObject config, ClassLabels labels)
    {
        config["classes"] = labels.Count;
        config["keyValues"] = labels.ValueType is null ? null : new JsonObject
        {
            ["type"] = KeyValueCodec.NameOf(labels.ValueType),
            ["values"] = JsonSerializer.SerializeToNode(labels.ToText()),
        };
    }

    /// <summary>A normalisation as JSON.</summary>
    public static JsonObject ToJson(ImageNormalization normalization) => new()
    {
        ["mean"] = JsonSerializer.SerializeToNode(normalization.Mean),
        ["deviation"] = JsonSerializer.SerializeToNode(normalization.Deviation),
    };

    /// <summary>Parses a whole stream.</summary>
    /// <exception cref="FormatException">The stream is too long, or no JSON.</exception>
    public JsonDocument Parse(Stream stream)
    {
        if (stream.Length > Longest)
        {
            throw new FormatException($"The configuration of the {what} is {stream.Length} bytes long; at most {Longest} are read.");
        }

        try
        {
            return JsonDocument.Parse(stream);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The configuration of the {what} is not JSON: {exception.Message}");
        }
    }

    /// <summary>Runs what reads values, and says what was wrong where one is missing or of the wrong kind.</summary>
    /// <exception cref="FormatException">A value is missing or of the wrong kind.</exception>
    public T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            throw new FormatException($"The configuration of the {what} lacks a value or has one of the wrong kind: {exception.Message}");
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The number of classes is impossible, or not that of the values.</exception>
    public ClassLabels Labels(JsonElement config)
    {
        var count = config.GetProperty("classes").GetInt32();
        var keyValues = config.GetProperty("keyValues");
        if (keyValues.ValueKind == JsonValueKind.Null)
        {
            return count is >= 2 and <= ClassLabels.MaxCount ? new ClassLabels(count)
                : throw new FormatException($"The {what} has {count} classes; 2 to {ClassLabels.MaxCount} were expected.");
        }

        string[] values = [.. keyValues.GetProperty("values").EnumerateArray().Select(value => value.GetString() ?? "")];
        var labels = KeyValueCodec.Parse(Text(keyValues, "type"), values);
        return labels.Count == count && count >= 2 ? labels
            : throw new FormatException($"The {what} has {count} classes and {labels.Count} key values; as many of both, at least 2, were expected.");
    }

    /// <summary>A text that is not empty.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() is { Length: > 0 } text ? text
        : throw new FormatException($"The configuration of the {what} has no text for '{name}'.");

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="parent">The object.</param>
    /// <param name="colours">How many of both numbers there must be.</param>
    /// <exception cref="FormatException">There are more or fewer, or one is not finite.</exception>
    public ImageNormalization Normalization(JsonElement parent, int colours) =>
        new(Floats(parent, "mean", colours), Floats(parent, "deviation", colours));

    private float[] Floats(JsonElement parent, string name, int count)
    {
        float[] values = [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
        return values.Length == count && Array.TrueForAll(values, float.IsFinite) ? values
            : throw new FormatException($"The configuration of the {what} has {values.Length} values for '{name}'; {count} finite ones were expected.");
    }
}
