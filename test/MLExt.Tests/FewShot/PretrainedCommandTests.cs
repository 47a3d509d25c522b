using System.Text.Json;
using MLExt.Tests.Serve;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.FewShot;

[TestClass]
public sealed class PretrainedCommandTests
{
    [TestMethod]
    public void TheGeneratorThatComesWithTheToolNeedsNoTraining()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["support"], symbols: 10, perSymbol: 1, alphabet: 41, hand: 1);
        DrawnSymbols.Write(folder["rest"], symbols: 10, perSymbol: 5, alphabet: 41, hand: 2);
        var result = Tool.Run("few-shot", "adapt", "--model", "pretrained", "--support", folder["support"], "--output", folder["c.zip"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "10 classes, 10 labelled images, ");
        Tool.Run("evaluate", "--model", folder["c.zip"], "--dataset", folder["rest"], "--json", folder["e.json"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.IsGreaterThan(0.8, json.RootElement.GetProperty("microAccuracy").GetDouble());
    }

    [TestMethod]
    public void FoldersAndFilesMayHaveNamesInAnyScript()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["Caf\u00e9", "नमस्ते 👩‍🚀", "手写", "مرحبا"];
        Func<int, byte[]>[] glyphs = [Glyph.Circle, Glyph.Upright, Glyph.Level, Glyph.Cross];
        for (var i = 0; i < names.Length; i++)
        {
            Directory.CreateDirectory(folder["support", names[i]]);
            File.WriteAllBytes(folder["support", names[i], "صورة ١.png"], glyphs[i](0));
        }

        // The same name as another system writes it is the same class.
        Directory.CreateDirectory(folder["support", "Cafe\u0301"]);
        File.WriteAllBytes(folder["support", "Cafe\u0301", "2.png"], Glyph.Circle(1));

        Tool.Run("few-shot", "adapt", "--model", "pretrained", "--support", folder["support"], "--output", folder["分類器.zip"], "--json", folder["a.json"])
            .Expect(ExitCode.Success);
        CollectionAssert.AreEquivalent(names, Names(folder["a.json"]));
        File.WriteAllBytes(folder["سؤال.png"], Glyph.Cross(1));
        var answer = Tool.Run("predict", "--model", folder["分類器.zip"], folder["سؤال.png"]).Expect(ExitCode.Success).Output;
        StringAssert.StartsWith(answer, $"{folder["سؤال.png"]}: مرحبا ");

        static string?[] Names(string file)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            return [.. json.RootElement.GetProperty("classes").EnumerateArray().Select(c => c.GetString())];
        }
    }

    [TestMethod]
    public void TheGeneratorThatComesWithTheToolIsMeasuredByItsName()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["data"], symbols: 10, perSymbol: 6, alphabet: 42, hand: 1);
        var result = Tool.Run("few-shot", "evaluate", "--model", "pretrained", "--dataset", folder["data"], "--ways", "10", "--tasks", "5", "--json", folder["e.json"])
            .Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "5 tasks, inductive, 10-way 1-shot");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.AreEqual("pretrained", json.RootElement.GetProperty("model").GetString());
        Assert.IsGreaterThan(0.8, json.RootElement.GetProperty("accuracy").GetDouble());
    }
}
