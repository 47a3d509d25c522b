using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MLExtensions.Testing;
using Samples.Snippets;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed partial class OnnxPageTests
{
    private const int Side = 16;

    [TestMethod]
    public void TheProgramOfThePageRunsWhatTheCodeOfThePageExports()
    {
        using var folder = new TemporaryFolder();
        OnnxFiles.Export(TrainedModel.ModelFile, folder["model.onnx"]);
        byte[][] images = [.. Enumerable.Range(0, 2).Select(label => TinyImages.Draw(label, Side, new Random(label)).Where((_, i) => i % 4 != 3).ToArray())];
        using var runtime = new OnnxRuntime();
        var expected = runtime.Run(folder["model.onnx"], "image", "uint8", [2, Side, Side, 3], [.. images[0], .. images[1]]);

        // Where the program lies, Node.js looks for the runtime.
        var program = RepositoryFiles.At("test", "onnxruntime", "node_modules", $"predict-{Environment.ProcessId}.mjs");
        var page = File.ReadAllText(RepositoryFiles.At("docs", "onnx.md")).ReplaceLineEndings("\n");
        File.WriteAllText(program, Program().Match(page).Groups["code"].Value);
        try
        {
            File.WriteAllBytes(folder["0.rgb"], images[0]);
            File.WriteAllBytes(folder["1.rgb"], images[1]);
            using var node = Process.Start(new ProcessStartInfo("node", [program, folder["model.onnx"], folder["0.rgb"], folder["1.rgb"]]) { RedirectStandardOutput = true })!;
            var lines = node.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            node.WaitForExit();
            Assert.AreEqual(0, node.ExitCode);
            OnnxRuntime.AreAlike(expected, [.. lines.Select(line => Array.ConvertAll(line.Split(' '), number => float.Parse(number, CultureInfo.InvariantCulture)))]);
        }
        finally
        {
            File.Delete(program);
        }
    }

    [GeneratedRegex("<!-- file: predict.mjs -->\n```js\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();
}
