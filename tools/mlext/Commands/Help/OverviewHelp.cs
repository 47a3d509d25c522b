using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MLExt.Commands.Help;

/// <summary>The usual help, but a list of commands has only the first sentence of what is said about each.</summary>
/// <param name="usual">The usual help.</param>
internal sealed class OverviewHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Puts it in the place of the usual help, and leaves the option's names that could be paths to a shell.</summary>
    public static void Install(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new OverviewHelp((HelpAction)option.Action!);
        option.Aliases.Remove("/?");
        option.Aliases.Remove("/h");
    }

    /// <summary>Help is given however wrong the rest of the line is.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        foreach (var below in parseResult.CommandResult.Command.Subcommands)
        {
            below.Description = FirstSentence(below.Description ?? "");
        }

        return usual.Invoke(parseResult);
    }

    private static string FirstSentence(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? line : line[..(end + 1)];
    }
}
