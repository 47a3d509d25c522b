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
        var result = Tool.Run("few-shot", "adapt", "--model", "symbols", "--support", folder["support"], "--output", folder["c.zip"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "10 classes, 10 labelled images, ");
        Tool.Run("evaluate", "--model", folder["c.zip"], "--dataset", folder["rest"], "--json", folder["e.json"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.IsGreaterThan(0.8, json.RootElement.GetProperty("microAccuracy").GetDouble());
    }

    [TestMethod]
    public void FoldersAndFilesMayHaveNamesInAnyScript()
    {
        Languages.Require();
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

        Tool.Run("few-shot", "adapt", "--model", "symbols", "--support", folder["support"], "--output", folder["分類器.zip"], "--json", folder["a.json"])
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
        var result = Tool.Run("few-shot", "evaluate", "--model", "symbols", "--dataset", folder["data"], "--ways", "10", "--tasks", "5", "--json", folder["e.json"])
            .Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "5 tasks, inductive, 10-way 1-shot");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.AreEqual("symbols", json.RootElement.GetProperty("model").GetString());
        Assert.IsGreaterThan(0.8, json.RootElement.GetProperty("accuracy").GetDouble());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void TheExamplesChooseTheGeneratorUnlessOneIsNamed(int each)
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["drawings"], symbols: 3, perSymbol: each, alphabet: 41, hand: 1);
        TinyImages.WriteFolder(folder["pictures"], each, side: 64);
        Assert.AreEqual("symbols", Model("drawings"));
        Assert.AreEqual("photographs", Model("pictures"));
        Assert.AreEqual("photographs", Model("pictures", "--model", "auto"));
        Assert.AreEqual("symbols", Model("pictures", "--model", "pretrained"), "the name that it had when there was no other");

        string? Model(string support, params string[] options)
        {
            Tool.Run(["few-shot", "adapt", .. options, "--support", folder[support], "--output", folder["c.zip"], "--json", folder["a.json"]]).Expect(ExitCode.Success);
            using var json = JsonDocument.Parse(File.ReadAllText(folder["a.json"]));
            return json.RootElement.GetProperty("model").GetString();
        }
    }

    [TestMethod]
    public void AClassifierOfPicturesIsUsedAsAnyOther()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["support"], perClass: 2, side: 64);
        var others = TinyImages.WriteFolder(folder["others"], perClass: 1, side: 64, seed: 2);
        Tool.Run("few-shot", "adapt", "--model", "photographs", "--support", folder["support"], "--output", folder["c.zip"], "--json", folder["a.json"], "--report", folder["a.html"]).Expect(ExitCode.Success);
        using (var json = JsonDocument.Parse(File.ReadAllText(folder["a.json"])))
        {
            Assert.AreEqual("ridge-regression", json.RootElement.GetProperty("method").GetString());
        }

        var lines = Tool.Run(["predict", "--model", folder["c.zip"], .. others]).Expect(ExitCode.Success).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(3, lines);
        foreach (var (name, line) in TinyImages.ClassNames.Zip(lines))
        {
            StringAssert.Contains(line, $": {name} ");
        }
    }

    [TestMethod]
    public void TheGeneratorOfPhotographsIsMeasuredBesideABaselineOnItsEmbedding()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 5, side: 64);
        var result = Tool.Run("few-shot", "evaluate", "--model", "photographs", "--dataset", folder["data"], "--ways", "3", "--queries", "4", "--tasks", "5",
            "--baseline", "prototypical-network", "--json", folder["e.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "5 tasks, inductive, 3-way 1-shot");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.AreEqual("photographs", json.RootElement.GetProperty("model").GetString());
        Assert.AreEqual("ridge-regression", json.RootElement.GetProperty("method").GetString());
        Assert.AreEqual("prototypical-network", json.RootElement.GetProperty("baselines")[0].GetProperty("method").GetString());
        Assert.IsGreaterThan(0.6, json.RootElement.GetProperty("accuracy").GetDouble()); // by chance a third
    }

    [TestMethod]
    public void AWordThatIsNeitherAFileNorANameIsAnsweredWithTheNames()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["support"], perClass: 1);
        foreach (string[] line in (string[][])[["adapt", "--support", folder["support"], "--output", folder["c.zip"]], ["evaluate", "--dataset", folder["support"]]])
        {
            StringAssert.Contains(Tool.Run(["few-shot", .. line, "--model", "photos"]).Expect(ExitCode.Failure).Error,
                "There is no model file 'photos'; the models that come with the tool are called 'symbols' and 'photographs'.");
        }

        Assert.IsFalse(File.Exists(folder["c.zip"]));
    }

    [TestMethod]
    public void WithoutItsNetworkTheGeneratorOfPhotographsNamesThePackage()
    {
        const string Place = "APP_CONTEXT_BASE_DIRECTORY"; // where AppContext.BaseDirectory is taken from
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["support"], perClass: 1);
        var usual = AppContext.GetData(Place);
        AppContext.SetData(Place, folder.Path);
        try
        {
            var result = Tool.Run("few-shot", "adapt", "--model", "photographs", "--support", folder["support"], "--output", folder["c.zip"]).Expect(ExitCode.Failure);
            StringAssert.Contains(result.Error, "Microsoft.ML.DnnImageFeaturizer.ResNet18");
        }
        finally
        {
            AppContext.SetData(Place, usual);
        }
    }
}
