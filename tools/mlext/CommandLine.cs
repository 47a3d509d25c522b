using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using MLExt.Commands;
using MLExt.Commands.FewShot;
using MLExt.Commands.Help;
using MLExt.Serve;

namespace MLExt;

/// <summary>The commands of the tool, and how their failures become messages and exit codes.</summary>
internal sealed partial class CommandLine
{
    private readonly Terminal _terminal;
    private readonly RootCommand _root;
    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "Also print what ML.NET logs, the device for instance, and the stack trace of a failure.",
        Recursive = true,
    };

    /// <summary>Makes the commands.</summary>
    /// <param name="terminal">Where everything is written.</param>
    /// <param name="stop">Asks a training to stop and keep the best model.</param>
    public CommandLine(Terminal terminal, CancellationToken stop)
    {
        _terminal = terminal;
        _root = new RootCommand("""
            Trains image classifiers that learn at test time, measures them and uses them; and generates classifiers from a handful
            of examples.

            A data set is a folder or a zip file. Every folder in it that directly holds images is a class; the class is
            named by its path below the folder that all classes share.

            Example: mlext image-classification --dataset flowers.zip --train-time 600 --name flowers
                     mlext evaluate --model output/flowers.zip --dataset flowers-test.zip
                     mlext predict --model output/flowers.zip rose.jpg tulip.jpg
                     mlext few-shot adapt --support birds --output classifier.zip
            """);
        _root.Add(_verbose);
        _root.Add(new TrainCommand(terminal, stop, _verbose).Command);
        _root.Add(new EvaluateCommand(terminal, _verbose).Command);
        _root.Add(new PredictCommand(terminal, _verbose).Command);
        _root.Add(new ExportCommand(terminal, _verbose).Command);
        _root.Add(FewShotCommand.Create(terminal, stop, _verbose));
        _root.Add(new ServeCommand(terminal, stop, _verbose).Command);
        _root.Add(CompletionCommand.Create(terminal));
        RefuseEmptyWords(_root);
        OverviewHelp.Install(_root);
    }

    /// <summary>The commands.</summary>
    internal RootCommand Root => _root;

    /// <summary>Parses and runs one command line. Numbers are read and written as scripts expect them, whatever the language of the system.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run(params string[] args)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return ParseAndRun(args);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private int ParseAndRun(string[] args)
    {
        // A file may be called @home.png.
        var parsed = _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return Misused(parsed);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = _terminal.Out.Profile.Out.Writer,
                Error = _terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            _terminal.Fail($"mlext: {LibraryMessages.Of(e)}");
            if (parsed.GetValue(_verbose))
            {
                _terminal.Fail(e.ToString().ReplaceLineEndings("\n"));
            }

            var exitCode = e is CommandException known ? known.ExitCode : ExitCode.Failure;
            if (exitCode == ExitCode.Usage)
            {
                SayWhereHelpIs(parsed);
            }

            return exitCode;
        }
    }

    private int Misused(ParseResult parsed)
    {
        if (_terminal.Rank > 0)
        {
            return ExitCode.Usage;
        }

        foreach (var error in parsed.Errors)
        {
            _terminal.Fail($"mlext: {WrongType().Replace(error.Message, Said)}");
        }

        SayWhereHelpIs(parsed);
        return ExitCode.Usage;
    }

    private void SayWhereHelpIs(ParseResult parsed) => _terminal.Fail($"Try '{PathOf(parsed.CommandResult)} --help'.");

    private static string Said(Match wrong)
    {
        var kind = wrong.Groups["type"].Value.Contains("Int", StringComparison.Ordinal) ? "a whole number" : "a number";
        return $"{wrong.Groups["option"].Value} must be {kind}; it is '{wrong.Groups["word"].Value}'.";
    }

    // The parser's own words name the framework's types.
    [GeneratedRegex(@"^Cannot parse argument '(?<word>.*)' for option '(?<option>.*)' as expected type '(?<type>.*)'\.$")]
    private static partial Regex WrongType();

    // A variable that was never set becomes an empty word.
    private static void RefuseEmptyWords(Command command)
    {
        foreach (var option in command.Options)
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => token.Value.Length == 0))
                {
                    result.AddError($"{option.Name} is empty.");
                }
            });
        }

        foreach (var argument in command.Arguments)
        {
            argument.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => token.Value.Length == 0))
                {
                    result.AddError($"An {argument.Name} is empty.");
                }
            });
        }

        foreach (var below in command.Subcommands)
        {
            RefuseEmptyWords(below);
        }
    }

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "mlext";
}
