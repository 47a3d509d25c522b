using System.CommandLine;

namespace MLExt.Commands.Help;

/// <summary><c>mlext completion</c>: a script that completes the command line in a shell.</summary>
internal static class CompletionCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="terminal">Where it writes.</param>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = $"The shell: {string.Join(", ", CompletionScript.Shells)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScript.Shells]);
        var command = new Command("completion", """
            Prints a script that completes mlext's commands and options in a shell. Its first lines say where to put it.

            Example: mlext completion bash
                     mlext completion pwsh
            """)
        { shell };
        command.SetAction(parsed =>
        {
            terminal.Out.Profile.Out.Writer.WriteLine(CompletionScript.For(parsed.GetRequiredValue(shell)));
            return ExitCode.Success;
        });
        return command;
    }
}
