using System.Text.RegularExpressions;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed partial class SnippetTests
{
    [TestMethod]
    [DataRow("README.md")]
    [DataRow("docs/getting-started.md")]
    [DataRow("docs/few-shot.md")]
    [DataRow("docs/onnx.md")]
    [DataRow("docs/scale.md")]
    [DataRow("docs/gpu-and-windows.md")]
    [DataRow("docs/moving-from-image-classification.md")]
    [DataRow("src/Microsoft.ML.TTT/README.md")]
    [DataRow("src/Microsoft.ML.FewShot/README.md")]
    [DataRow("src/Microsoft.ML.FewShot.Hosting/README.md")]
    public void CodeInTheDocumentationIsCompiledAsItStands(string page)
    {
        var regions = Regions();
        var text = File.ReadAllText(RepositoryFiles.At(page.Split('/'))).ReplaceLineEndings("\n");
        var shown = Snippet().Matches(text);
        Assert.AreEqual(Fence().Count(text), shown.Count, "Code without a '<!-- snippet: NAME -->' above it.");
        Assert.AreNotEqual(0, shown.Count);
        foreach (Match match in shown)
        {
            Assert.IsTrue(regions.TryGetValue(match.Groups["name"].Value, out var region), $"There is no region '{match.Groups["name"].Value}'.");
            Assert.AreEqual(region, match.Groups["code"].Value);
        }
    }

    private static Dictionary<string, string> Regions() =>
        Directory.EnumerateFiles(RepositoryFiles.At("samples", "Snippets"), "*.cs")
            .SelectMany(file => Region().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")))
            .ToDictionary(match => match.Groups["name"].Value, match => Unindented(match.Groups["code"].Value));

    private static string Unindented(string code)
    {
        var lines = code.Split('\n');
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
    }

    [GeneratedRegex("<!-- snippet: (?<name>[a-z-]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex("^```csharp", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("^ *#region (?<name>[a-z-]+)\n(?<code>.*?)^ *#endregion", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Region();
}
