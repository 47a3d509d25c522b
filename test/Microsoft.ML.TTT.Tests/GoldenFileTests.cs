using System.Text.Json;
using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

/// <summary>Models that version 0.1.0 saved (format 1.1), a small one of each kind, with pictures and the scores that it gave them.</summary>
[TestClass]
public sealed class GoldenFileTests
{
    // Another order of summation, or another processor, changes the last bits of a score.
    private const float Tolerance = 1e-5f;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static IEnumerable<object[]> Names => Directory.GetFiles(Folder, "*.zip").Select(file => new object[] { Path.GetFileNameWithoutExtension(file) });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void AnOldModelStillScoresTheSame(string name)
    {
        var expected = JsonSerializer.Deserialize<Expected>(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), JsonSerializerOptions.Web)!;
        var context = new MLContext();
        using var model = (TTTImageClassificationTransformer)context.Model.Load(Path.Combine(Folder, $"{name}.zip"), out _);
        var data = context.Data.LoadFromEnumerable(expected.Images.Select(image => new DrawnImages.Picture { Features = image }));
        var scores = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        ScoreAssert.AreClose(expected.Scores, scores, Tolerance);
    }

    [TestMethod]
    public void EveryMixerHasAFile() => Assert.HasCount(9, Names);

    private sealed record Expected(byte[][] Images, float[][] Scores);
}
