using System.CommandLine;
using System.Text.RegularExpressions;
using MLExt.Tests.Documentation;

namespace MLExt.Tests.Commands;

[TestClass]
public sealed partial class HelpTests
{
    /// <summary>The words of every command, "" for the tool itself.</summary>
    public static IEnumerable<object[]> Commands() => WithBelow(Root(), "").Select(path => new object[] { path });

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void EveryCommandHasExamplesThatItsParserTakes(string command)
    {
        var help = Tool.Run([.. Words(command), "--help"]).Expect(ExitCode.Success).Output;
        var examples = Examples(help);
        Assert.IsNotEmpty(examples, help);
        StringAssert.StartsWith(examples[0], $"mlext {command}".TrimEnd() + " ");
        foreach (var example in examples)
        {
            var parsed = Root().Parse(Words(example)[1..]);
            Assert.IsEmpty(parsed.Errors, $"{example}: {string.Join(' ', parsed.Errors.Select(e => e.Message))}");
            Assert.IsEmpty(parsed.CommandResult.Command.Subcommands, $"{example} names no command that does anything.");
        }
    }

    /// <summary>All that --help prints stands in help.txt, so that whoever changes the command line sees what users will. With MLEXT_APPROVE=1 the test writes it.</summary>
    [TestMethod]
    public void HelpIsAsApproved()
    {
        var help = string.Concat(Commands().Select(row => $"{row[0]} --help".Trim()).Select(line => $"$ mlext {line}\n{Tool.Run(Words(line)).Output}"))
            .Replace($"  {Root().Name} ", "  mlext ", StringComparison.Ordinal).ReplaceLineEndings("\n"); // the process is the tests'
        var file = RepositoryFiles.At("test", "MLExt.Tests", "Commands", "help.txt");
        if (Environment.GetEnvironmentVariable("MLEXT_APPROVE") == "1")
        {
            File.WriteAllText(file, help);
        }

        Assert.AreEqual(File.ReadAllText(file).ReplaceLineEndings("\n"), help);
    }

    [TestMethod]
    public void TheListOfCommandsHasOneSentenceOnEach()
    {
        var help = Tool.Run("--help").Expect(ExitCode.Success).Output;
        var list = help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1..];
        CollectionAssert.AreEquivalent(Root().Subcommands.Select(c => c.Name).ToArray(), list.Select(line => line.Split(' ')[0]).ToArray());
        Assert.IsTrue(list.All(line => line.EndsWith('.')));
        Assert.DoesNotContain("Example:", string.Join('\n', list));
    }

    private static RootCommand Root() => new CommandLine(Terminal.Plain(TextWriter.Null, TextWriter.Null), CancellationToken.None).Root;

    private static IEnumerable<string> WithBelow(Command command, string path) =>
        command.Subcommands.SelectMany(below => WithBelow(below, $"{path} {below.Name}".TrimStart())).Prepend(path);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Examples(string help) => [.. ExampleLines().Matches(help).Select(match => match.Groups[1].Value.TrimEnd())];

    [GeneratedRegex(@"^ +(?:Example: )?(?<=  Example: | {9})(mlext .*)$", RegexOptions.Multiline)]
    private static partial Regex ExampleLines();
}
