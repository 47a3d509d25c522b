using System.Text.RegularExpressions;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed partial class TheoryTests
{
    [TestMethod]
    public void EveryNameInTheTheoryIsInTheCode()
    {
        var code = Directory.EnumerateFiles(RepositoryFiles.At("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Word().Matches(File.ReadAllText(file)).Select(word => word.Value))
            .ToHashSet(StringComparer.Ordinal);
        var names = Code().Matches(File.ReadAllText(RepositoryFiles.At("docs", "theory.md"))).Select(match => match.Groups["name"].Value).Distinct().ToArray();
        Assert.IsGreaterThan(40, names.Length);
        Assert.IsEmpty(names.Where(name => !name.Split('.').All(code.Contains)), "Names that the code has not.");
    }

    [GeneratedRegex("`(?<name>[A-Za-z_0-9.]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("[A-Za-z_0-9]+")]
    private static partial Regex Word();
}
