using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

/// <summary>
/// Models that earlier builds saved, a small one of each kind, with pictures and the scores that they gave them: version 0.1.0 those with names of several words (format 1.1), the present one
/// those that are called like their mixer.
/// </summary>
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
    public void EveryMixerHasAFile()
    {
        var mixers = Names.Select(name => Mixer((string)name[0])).ToHashSet();
        foreach (var missing in Enum.GetValues<TokenMixer>().Where(mixer => !mixers.Contains(mixer)))
        {
            Assert.IsTrue(Environment.GetEnvironmentVariable("MLEXT_APPROVE") == "1", $"There is no file of a model with {missing}. With MLEXT_APPROVE=1 the test makes it.");
            Make(missing);
        }
    }

    private static TokenMixer Mixer(string name)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(Folder, $"{name}.zip"));
        using var config = zip.GetEntry("TransformerChain/Config.json")!.Open();
        return Enum.Parse<TokenMixer>(JsonDocument.Parse(config).RootElement.GetProperty("shape").GetProperty("Mixer").GetString()!);
    }

    private static void Make(TokenMixer mixer, [CallerFilePath] string source = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(source)!, "Golden");
        var context = new MLContext(1);
        var data = DrawnImages.Keyed(context, DrawnImages.Pictures(48));
        using var model = DrawnImages.Trainer(context, options => options.TokenMixer = mixer).Fit(data);
        context.Model.Save(model, data.Schema, Path.Combine(folder, $"{mixer}.zip"));
        var pictures = DrawnImages.Pictures(6, seed: 2);
        var scores = model.Transform(DrawnImages.Keyed(context, pictures)).GetColumn<float[]>("Score").ToArray();
        File.WriteAllText(Path.Combine(folder, $"{mixer}.json"), JsonSerializer.Serialize(new Expected([.. pictures.Select(picture => picture.Features)], scores), JsonSerializerOptions.Web));
    }

    private sealed record Expected(byte[][] Images, float[][] Scores);
}
