using System.Text.RegularExpressions;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed partial class DocumentedCommandTests
{
    [TestMethod]
    public void EveryCommandLineOfTheDocumentationIsOneThatTheToolTakes()
    {
        var commands = new CommandLine(Terminal.Plain(TextWriter.Null, TextWriter.Null), CancellationToken.None).Root;
        string[] pages =
        [
            RepositoryFiles.At("README.md"), RepositoryFiles.At("tools", "mlext", "README.md"), RepositoryFiles.At("samples", "README.md"),
            .. Directory.GetFiles(RepositoryFiles.At("docs"), "*.md"),
        ];
        var lines = pages.SelectMany(page => Line().Matches(File.ReadAllText(page).ReplaceLineEndings("\n")).Select(line => (page, Text: line.Groups["arguments"].Value))).ToArray();
        Assert.IsGreaterThan(15, lines.Length);
        foreach (var (page, text) in lines)
        {
            Assert.IsEmpty(commands.Parse(text).Errors, $"{page}: mlext {text}");
        }
    }

    [GeneratedRegex("^(\\./)?mlext (?<arguments>[a-z-].*)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
