using Microsoft.ML.Distributed;
using Spectre.Console;

namespace MLExt;

/// <summary>Where the tool writes: the result to one side, warnings and errors to the other.</summary>
/// <param name="Out">Results and progress. Plain lines when <see cref="IsLive"/> is false.</param>
/// <param name="Error">Warnings and errors.</param>
/// <param name="IsLive">Whether a person watches, so that lines may be redrawn and coloured.</param>
internal sealed record Terminal(IAnsiConsole Out, TextWriter Error, bool IsLive)
{
    /// <summary>Width of tables where the terminal does not say.</summary>
    private const int PlainWidth = 120;

    /// <summary>The number of this process among those of a training under MPI's launcher. All but the first say nothing but what fails.</summary>
    public int Rank { get; private init; }

    /// <summary>The process's own console.</summary>
    public static Terminal OfProcess() => MpiLauncher.Rank is { } rank and > 0 ? Plain(TextWriter.Null, Console.Error) with { Rank = rank }
        : Console.IsOutputRedirected ? Plain(Console.Out, Console.Error) : new(AnsiConsole.Console, Console.Error, IsLive: true);

    /// <summary>Plain text to two writers.</summary>
    public static Terminal Plain(TextWriter output, TextWriter error)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = PlainWidth;
        console.Profile.Capabilities.Unicode = true;
        return new(console, error, IsLive: false);
    }

    /// <summary>A text that may have the names of files and classes in it, without what a terminal would take for commands.</summary>
    public static string Shown(string text)
    {
        static bool IsCommand(char c) => char.IsControl(c) && c is not ('\n' or '\t');
        return text.Any(IsCommand) ? string.Concat(text.Select(c => IsCommand(c) ? '\uFFFD' : c)) : text;
    }

    /// <summary>Writes one line: nothing in it is taken for markup, and it is not wrapped where nobody watches.</summary>
    public void Line(string text = "")
    {
        text = Shown(text);
        if (IsLive)
        {
            Out.WriteLine(text);
        }
        else
        {
            Out.Profile.Out.Writer.WriteLine(text);
        }
    }

    /// <summary>Says what failed, or another line of it.</summary>
    public void Fail(string text) => Error.WriteLine(Rank > 0 ? $"rank {Rank}: {Shown(text)}" : Shown(text));

    /// <summary>Warns, each time beside the result.</summary>
    public void Warn(params IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Aside($"warning: {warning}");
        }
    }

    /// <summary>Says something beside the result: a warning, or that a stop is under way.</summary>
    public void Aside(string text)
    {
        if (Rank > 0)
        {
            return;
        }

        text = Shown(text);
        if (IsLive)
        {
            Out.MarkupLineInterpolated($"[yellow]{text}[/]");
        }
        else
        {
            Error.WriteLine(text);
        }
    }
}
