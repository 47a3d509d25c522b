using System.IO.Compression;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.FewShot;

/// <summary>Two drawn alphabets as a zip file, a third to measure on, and a generator that the tool trained; made once for all tests.</summary>
internal static class TrainedGenerator
{
    // Both test alphabets have the same symbols, so that a task with a symbol of each cannot be solved, however well the generator was trained.
    private const int TestAlphabet = 13;

    private static readonly TemporaryFolder Place = new();
    private static readonly Lazy<ToolResult> Training = new(Train);

    /// <summary>What the training printed.</summary>
    public static ToolResult Result => Training.Value;

    /// <summary>The model file.</summary>
    public static string ModelFile => At("out", "generator.zip");

    /// <summary>The JSON of the training.</summary>
    public static string Json => At("train.json");

    /// <summary>The HTML report of the training.</summary>
    public static string Report => At("train.html");

    /// <summary>Symbols the generator has not seen: folders "third/SYMBOL" with 8 drawings, 6 symbols, and "fourth/SYMBOL": the same symbols by another hand.</summary>
    public static string TestFolder => At("test");

    /// <summary>Deletes everything.</summary>
    public static void Delete() => Place.Dispose();

    private static string At(params string[] parts)
    {
        _ = Training.Value;
        return Place[parts];
    }

    private static ToolResult Train()
    {
        DrawnSymbols.Write(Place["train", "first"], symbols: 15, perSymbol: 10, alphabet: 11, hand: 1);
        DrawnSymbols.Write(Place["train", "second"], symbols: 15, perSymbol: 10, alphabet: 12, hand: 2);
        DrawnSymbols.Write(Place["test", "third"], symbols: 6, perSymbol: 8, alphabet: TestAlphabet, hand: 3);
        DrawnSymbols.Write(Place["test", "fourth"], symbols: 6, perSymbol: 8, alphabet: TestAlphabet, hand: 4);
        ZipFile.CreateFromDirectory(Place["train"], Place["train.zip"], CompressionLevel.Fastest, includeBaseDirectory: true);
        return Tool.Run("few-shot", "train", "--dataset", Place["train.zip"], "--output", Place["out", "generator.zip"], "--train-time", "8",
            "--channels", "8", "--ways", "6", "--shots", "3", "--seed", "7", "--report", Place["train.html"], "--json", Place["train.json"]);
    }
}
