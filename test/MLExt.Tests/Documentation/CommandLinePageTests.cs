namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class CommandLinePageTests
{
    [TestMethod]
    public void ThePageOnTheCommandLineNamesEveryCommand()
    {
        var root = new CommandLine(Terminal.Plain(TextWriter.Null, TextWriter.Null), CancellationToken.None).Root;
        var page = File.ReadAllText(RepositoryFiles.At("docs", "command-line.md"));
        foreach (var command in root.Subcommands.SelectMany(c => c.Subcommands.Count == 0 ? [c.Name] : c.Subcommands.Select(below => $"{c.Name} {below.Name}")))
        {
            StringAssert.Contains(page, $"| `{command}` |");
        }
    }
}
