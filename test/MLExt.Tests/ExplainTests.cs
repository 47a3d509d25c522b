using System.Text.Json;
using MLExt.Tests.Reports;
using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed class ExplainTests
{
    [TestMethod]
    public void PredictingDrawsWhatSpokeForEachAnswerAndWritesOverNoImage()
    {
        using var folder = new TemporaryFolder();
        var image = File.ReadAllBytes(Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories)[0]);
        string[] images = [folder["a", "rose.png"], folder["b", "rose.png"], folder["a", "rose-why.png"], folder["a", "Rose.jpg"], folder["a", "\u82b1 \u0639.png"]];
        foreach (var file in images)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, image);
        }

        File.WriteAllText(folder["a", "bad.png"], "no picture");
        for (var run = 0; run < 2; run++) // a second one finds what the first one wrote
        {
            var result = Tool.Run(["predict", "--model", TrainedModel.ModelFile, "--explain", folder["a"], "--json", folder["p.json"], .. images, folder["a", "bad.png"]])
                .Expect(ExitCode.Failure);
            StringAssert.Contains(result.Output, $"5 of 6 answers are explained in {folder["a"]}");
        }

        Assert.IsTrue(images.All(file => File.ReadAllBytes(file).SequenceEqual(image)));
        using var json = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
        var written = json.RootElement.GetProperty("predictions").EnumerateArray().Select(answer => answer.GetProperty("explanation").GetString()).ToArray();
        string?[] expected = [folder["a", "rose-why-2.png"], folder["a", "rose-why-3.png"], folder["a", "rose-why-why.png"], folder["a", "Rose-why-4.png"], folder["a", "\u82b1 \u0639-why.png"], null];
        CollectionAssert.AreEqual(expected, written);
        CollectionAssert.AreEquivalent(
            images.Where(file => file.StartsWith(folder["a"], StringComparison.Ordinal)).Concat(written.OfType<string>()).Append(folder["a", "bad.png"]).ToArray(),
            Directory.GetFiles(folder["a"]));
        foreach (var file in written.OfType<string>())
        {
            CollectionAssert.AreNotEqual(image, File.ReadAllBytes(file));
            CollectionAssert.AreEqual((byte[])[0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file)[..4]);
        }
    }

    [TestMethod]
    public void TheAnswersAreThoseWithoutAnExplanation()
    {
        using var folder = new TemporaryFolder();
        var images = Directory.GetFiles(TrainedModel.TestFolder, "000?.png", SearchOption.AllDirectories);
        var plain = Tool.Run(["predict", "--model", TrainedModel.ModelFile, .. images]).Expect(ExitCode.Success).Output;
        var explained = Tool.Run(["predict", "--model", TrainedModel.ModelFile, "--explain", folder["why"], .. images]).Expect(ExitCode.Success).Output;
        StringAssert.StartsWith(explained, plain);
        Assert.HasCount(images.Length, Directory.GetFiles(folder["why"]));
    }

    [TestMethod]
    public void AFolderThatCannotBeWrittenToIsFoundBeforeAnyWork()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        var result = Tool.Run("predict", "--model", folder["none.zip"], "--explain", folder["file"], "rose.jpg").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, $"{folder["file", "rose-why.png"]}' cannot be written");
    }

    [TestMethod]
    public void TheMostWrongImagesOfAReportHaveWhatSpokeForTheAnswerBesideThem()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        Directory.Move(folder["data", "red-upright"], folder["data", "x"]);
        Directory.Move(folder["data", "green-level"], folder["data", "red-upright"]);
        Directory.Move(folder["data", "x"], folder["data", "green-level"]);
        Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", folder["data"], "--report", folder["e.html"]).Expect(ExitCode.Success);
        var page = new HtmlPage(File.ReadAllText(folder["e.html"]));
        page.CheckIsSelfContained();
        var wrong = page.Section("Most wrong");
        StringAssert.Contains(wrong.Value, "what spoke for the answer is orange");
        var pictures = wrong.Descendants("img").Select(img => (Text: img.Attribute("alt")!.Value, Source: img.Attribute("src")!.Value)).ToArray();
        Assert.HasCount(2 * wrong.Descendants("li").Count(), pictures);
        Assert.IsTrue(pictures.Chunk(2).All(pair => pair[0].Text.StartsWith("an image of ", StringComparison.Ordinal)
            && pair[1].Text.StartsWith("what spoke for ", StringComparison.Ordinal) && pair[0].Source != pair[1].Source));
    }
}
