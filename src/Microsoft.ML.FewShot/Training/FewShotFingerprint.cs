using System.Runtime.InteropServices;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The <see cref="RunFingerprint"/> of a training.</summary>
internal static class FewShotFingerprint
{
    public static IReadOnlyDictionary<string, string> Of(ExamplePool training, ExamplePool? validation, FewShotShape shape, FewShotTrainingSettings settings) =>
        RunFingerprint.Of(settings.Loop,
            (RunFingerprint.Method, settings.Method),
            ("model", ModelJson.ToText(shape)),
            ("training examples", Hash(training)),
            ("validation examples", validation is null ? "none" : Hash(validation)),
            ("seed", settings.Seed),
            ("classes per batch", settings.ClassesPerBatch),
            ("examples per class", settings.ExamplesPerClass),
            ("variation", settings.Variation),
            ("embedded tasks", settings.EmbeddedEpisodes),
            ("tasks", settings.Episodes),
            ("validation tasks", settings.ValidationEpisodes),
            ("validation batches", settings.ValidationBatches),
            ("stages", settings.StagesOf(shape).ToDictionary(FewShotReports.NameOf, settings.Of)),
            ("length", settings.Loop.TimeBudget is null ? "by steps" : "by time"));

    // The names and sizes of all classes, and some examples.
    private static string Hash(ExamplePool pool)
    {
        int[] examples = [.. pool.Classes.SelectMany(one => one.Examples)];
        var hash = RunFingerprint.Hash(string.Concat(pool.Classes.Select(one => $"{one.Name}\n{one.Examples.Length}\n")), examples.Length,
            i => pool.Shape.IsImage ? pool.Image(examples[i]) : MemoryMarshal.AsBytes(pool.Vector(examples[i])));
        return $"{pool.Count} of {pool.Classes.Count} classes {hash}";
    }
}
