using System.IO.Compression;
using MLExtensions.Testing;

namespace MLExt.Tests;

/// <summary>A data set of drawn pictures, as folder and as zip, and a model that the tool trained on it; made once for all tests.</summary>
internal static class TrainedModel
{
    private static readonly TemporaryFolder Place = new();
    private static readonly Lazy<ToolResult> Training = new(Train);

    /// <summary>What the training printed.</summary>
    public static ToolResult Result => Training.Value;

    /// <summary>The model file.</summary>
    public static string ModelFile => At("out", "bars.zip");

    /// <summary>The JSON of the training.</summary>
    public static string Json => At("train.json");

    /// <summary>The HTML report of the training.</summary>
    public static string Report => At("train.html");

    /// <summary>Pictures the model was not trained on: folders "kinds/KIND".</summary>
    public static string TestFolder => At("test");

    /// <summary>The training pictures as a zip file, with a damaged one and a note among them.</summary>
    public static string TrainZip => At("train.zip");

    /// <summary>Deletes everything.</summary>
    public static void Delete() => Place.Dispose();

    private static string At(params string[] parts)
    {
        _ = Training.Value;
        return Place[parts];
    }

    private static ToolResult Train()
    {
        TinyImages.WriteFolder(Place["train", "kinds"], perClass: 40, seed: 1);
        TinyImages.WriteFolder(Place["test", "kinds"], perClass: 10, seed: 2);
        File.WriteAllText(Place["train", "kinds", "red-upright", "damaged.png"], "no picture");
        File.WriteAllText(Place["train", "readme.txt"], "a note");
        ZipFile.CreateFromDirectory(Place["train"], Place["train.zip"], CompressionLevel.Fastest, includeBaseDirectory: true);
        return Tool.Run("image-classification", "--dataset", Place["train.zip"], "--epochs", "8", "--image-size", "16", "--seed", "7",
            "--output", Place["out"], "--name", "bars", "--codegen", "--report", Place["train.html"], "--json", Place["train.json"]);
    }
}
