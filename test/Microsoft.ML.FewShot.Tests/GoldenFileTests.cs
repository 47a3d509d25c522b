using System.Text.Json;
using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

/// <summary>
/// Models that version 0.1.0 saved (format 1.1): a small generator of each kind, and a classifier that it made of the support set beside it, with
/// queries and the scores that the classifier gave them.
/// </summary>
[TestClass]
public sealed class GoldenFileTests
{
    // Another order of summation, or another processor, changes the last bits of a score.
    private const float Tolerance = 1e-5f;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static IEnumerable<object[]> Classifiers => NamesOf("classifier");

    public static IEnumerable<object[]> Generators => NamesOf("generator");

    [TestMethod]
    [DynamicData(nameof(Classifiers))]
    public void AnOldClassifierStillScoresTheSame(string name)
    {
        using var classifier = (FewShotClassifier)new MLContext().Model.Load(Path.Combine(Folder, $"{name}.classifier.zip"), out _);
        Check(classifier, Read(name));
    }

    [TestMethod]
    [DynamicData(nameof(Generators))]
    public void AnOldGeneratorStillMakesTheSameClassifier(string name)
    {
        var expected = Read(name);
        var context = new MLContext();
        using var generator = (FewShotHyperTransformer)context.Model.Load(Path.Combine(Folder, $"{name}.generator.zip"), out _);
        using var classifier = expected.Support[0].Name is null
            ? generator.CreateClassifier(context.Data.LoadFromEnumerable(expected.Support.Select(row => new FeatureRow { Label = row.Label, Features = Floats(row.Features) })))
            : generator.CreateClassifier(context.Data.LoadFromEnumerable(expected.Support.Select(row => new Symbols.Symbol { Name = row.Name!, Features = row.Features.GetBytesFromBase64() })), Symbols.Named());
        Check(classifier, expected);
    }

    [TestMethod]
    public void EveryKindHasAFile()
    {
        Assert.HasCount(9, Generators);
        Assert.HasCount(11, Classifiers);
    }

    private static IEnumerable<object[]> NamesOf(string kind) =>
        Directory.GetFiles(Folder, $"*.{kind}.zip").Select(file => new object[] { Path.GetFileName(file)[..^$".{kind}.zip".Length] });

    private static Expected Read(string name) => JsonSerializer.Deserialize<Expected>(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), JsonSerializerOptions.Web)!;

    private static void Check(FewShotClassifier classifier, Expected expected)
    {
        var context = new MLContext();
        var queries = expected.Queries[0].ValueKind == JsonValueKind.String
            ? context.Data.LoadFromEnumerable(expected.Queries.Select(query => new Symbols.Symbol { Features = query.GetBytesFromBase64() }))
            : context.Data.LoadFromEnumerable(expected.Queries.Select(query => new FeatureRow { Features = Floats(query) }));
        var scores = classifier.Transform(queries).GetColumn<float[]>("Score").ToArray();
        ScoreAssert.AreClose(expected.Scores, scores, Tolerance);
    }

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];

    private sealed record Expected(Row[] Support, JsonElement[] Queries, float[][] Scores);

    private sealed record Row(string? Name, uint Label, JsonElement Features);
}
