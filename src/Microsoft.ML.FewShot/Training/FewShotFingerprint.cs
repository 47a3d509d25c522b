using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Persistence;

namespace Microsoft.ML.FewShot.Training;

/// <summary>What two runs must have in common for one to go on where the other stopped, by name.</summary>
internal static class FewShotFingerprint
{
    private const int SampledExamples = 100;

    public static IReadOnlyDictionary<string, string> Of(ExamplePool training, ExamplePool? validation, FewShotShape shape, FewShotTrainingSettings settings)
    {
        var loop = settings.Loop;
        var named = new (string Name, object? Value)[]
        {
            ("model", ModelJson.ToText(shape)),
            ("training examples", Hash(training)),
            ("validation examples", validation is null ? "none" : Hash(validation)),
            ("seed", settings.Seed),
            ("classes per batch", settings.ClassesPerBatch),
            ("examples per class", settings.ExamplesPerClass),
            ("variation", settings.Variation),
            ("embedded tasks", settings.EmbeddedEpisodes),
            ("tasks", settings.Episodes),
            ("validation tasks", $"{settings.ValidationEpisodes}, {settings.ValidationBatches} times"),
            ("stages", string.Join("; ", settings.StagesOf(shape).Select(stage => $"{stage} {JsonSerializer.Serialize(settings.Of(stage))}"))),
            ("length", loop.TimeBudget is { } budget ? $"{budget.TotalSeconds} seconds" : "steps"),
            ("weight average", loop.EmaDecay ?? 0),
            ("early stopping", loop.EarlyStopping is { } stopping ? JsonSerializer.Serialize(stopping) : "none"),
            ("validation epochs", loop.ValidationEpochs),
        };
        return named.ToDictionary(pair => pair.Name, pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture) ?? "");
    }

    /// <summary>Covers the names and sizes of all classes and some examples.</summary>
    private static string Hash(ExamplePool pool)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var one in pool.Classes)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{one.Name}\n{one.Examples.Length}\n"));
        }

        int[] examples = [.. pool.Classes.SelectMany(one => one.Examples)];
        var count = Math.Min(SampledExamples, examples.Length);
        for (var i = 0; i < count; i++)
        {
            var example = examples[(int)((long)i * examples.Length / count)];
            hash.AppendData(pool.Shape.IsImage ? pool.Image(example) : MemoryMarshal.AsBytes(pool.Vector(example)));
        }

        return $"{pool.Count} of {pool.Classes.Count} classes {Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))}";
    }
}
