using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.FewShot;
using Microsoft.ML.TTT;
using MLExt.Commands;
using MLExt.Commands.FewShot;

namespace MLExt.Reports;

/// <summary>Writes results for other programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new FiniteNumbers(), new Named<TokenMixer>(MixerNames.Of), new Named<ImageBackbone>(EnumNames.Backbones.Of), new Named<FewShotMethod>(FewShotMethodNames.Of) },
    };

    /// <summary>Writes one result, camel-cased; numbers that JSON does not have become null.</summary>
    public static void Write<T>(OutputFile file, T result) =>
        file.Write(path => File.WriteAllText(path, JsonSerializer.Serialize(result, Format) + "\n"));

    // As the command line calls it.
    private sealed class Named<T>(Func<T, string> nameOf) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(nameOf(value));
    }

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
