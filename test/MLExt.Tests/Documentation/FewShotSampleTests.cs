using System.Globalization;
using System.Text.RegularExpressions;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed partial class FewShotSampleTests
{
    [TestMethod]
    public void TheSampleGeneratesClassifiersOfSymbolsThatNobodyHasSeen()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = SampleProcess.Run(typeof(Drawing), folder.Path);
        Assert.AreEqual(0, exitCode, output + error);
        var accuracies = Row().Matches(output).Select(row => double.Parse(row.Groups["accuracy"].Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.AreEqual(4, accuracies.Length, output);
        Assert.AreEqual(accuracies[0], accuracies[1], "The same examples give the same classifier.");
        Assert.IsGreaterThan(85.0, accuracies[1], output);
        Assert.IsGreaterThan(95.0, accuracies[3], output);
        Assert.AreEqual(5, output.Split('\n').Count(line => line.Contains(".png: symbol-")), output);
        Assert.IsTrue(File.Exists(folder["output", "symbols.zip"]));
    }

    [GeneratedRegex(@"^(1|5)[^%]* (?<accuracy>[0-9.]+) %.* ms$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
