using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.VisionCore.Persistence;

/// <summary>What classes are called.</summary>
internal sealed record KeyValuePart([property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("values")] string[] Values)
{
    public static KeyValuePart? Of(ClassLabels labels) =>
        labels.ValueType is { } type && labels.ToText() is { } values ? new KeyValuePart(KeyValueCodec.NameOf(type), [.. values]) : null;

    /// <exception cref="FormatException">The number of classes is impossible, or not that of the values.</exception>
    public static ClassLabels ToLabels(KeyValuePart? part, int count, string what, int least = ClassLabels.LeastCount)
    {
        ModelJson.Check(count >= least && count <= ClassLabels.MaxCount ? [] : [$"There are {count} classes; {least} to {ClassLabels.MaxCount} were expected."], what, "classes");
        if (part is null)
        {
            return new ClassLabels(count);
        }

        ModelJson.Check(part.Values.Length == count ? [] : [$"There are {count} classes and {part.Values.Length} values; as many of both were expected."], what, "keyValues");
        ModelJson.Check(part.Values.Distinct(StringComparer.Ordinal).Count() == count ? [] : ["Two classes have the same value."], what, "keyValues");
        return KeyValueCodec.Parse(part.Type, part.Values);
    }
}
