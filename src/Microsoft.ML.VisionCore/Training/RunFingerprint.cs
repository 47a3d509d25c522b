using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>What two runs must have in common for one to go on where the other stopped, by name.</summary>
internal static class RunFingerprint
{
    /// <summary>The name under which a trainer of many methods says which one it is.</summary>
    public const string Method = "method";

    private const int SampledExamples = 100;

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The bytes of an example.</summary>
    public delegate ReadOnlySpan<byte> BytesOf(int index);

    /// <summary>What a trainer names, and what every loop has.</summary>
    public static IReadOnlyDictionary<string, string> Of(TrainingSettings loop, params (string Name, object? Value)[] named)
    {
        (string Name, object? Value)[] all =
        [
            .. named,
            ("weight average", loop.EmaDecay ?? 0),
            ("early stopping", (object?)loop.EarlyStopping ?? "none"),
            ("validation epochs", loop.ValidationEpochs),
        ];
        return all.ToDictionary(pair => pair.Name, pair => Text(pair.Value));
    }

    // A value as text in no language, and what has several values as an object in JSON.
    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value, Json),
    };

    /// <summary>A hash of a data set.</summary>
    /// <param name="outline">What is said of all of it, such as its labels.</param>
    /// <param name="count">The number of examples.</param>
    /// <param name="example">Gives the bytes of one; some, evenly spread, are asked for.</param>
    /// <returns>16 hexadecimal digits.</returns>
    public static string Hash(string outline, int count, BytesOf example)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(outline));
        var sampled = Math.Min(SampledExamples, count);
        for (var i = 0; i < sampled; i++)
        {
            hash.AppendData(example((int)((long)i * count / sampled)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
