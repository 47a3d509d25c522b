using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Net;
using MLExt.Commands;
using MLExt.Commands.FewShot;
using MLExt.Serve.Cluster;

namespace MLExt.Serve;

/// <summary><c>mlext serve</c>: the app in the browser, and its API.</summary>
internal sealed class ServeCommand
{
    private const int LargestPort = 65535;

    private static readonly ServeSettings Defaults = new();

    private readonly Terminal _terminal;
    private readonly CancellationToken _stop;
    private readonly Option<bool> _verbose;
    private readonly Option<int?> _port = Number("--port", "The port to listen at; 0 for any that is free.", Defaults.Port, atLeast: 0);
    private readonly Option<string> _host = new("--host")
    {
        HelpName = "ADDRESS",
        Description = "The address to listen at: an IP address, 'localhost', or '*' for all. Beyond this machine nothing asks for a password.",
        DefaultValueFactory = _ => Defaults.Host,
    };

    private readonly Option<string[]> _names = new("--public-name")
    {
        HelpName = "NAME",
        Description = "A name by which others call the app, such as that of a proxy before it; may be repeated. Requests for foreign names are refused.",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _model = new("--model")
    {
        HelpName = "FILE",
        Description = "A model for POST /api/predict, as image-classification or few-shot adapt wrote it.",
    };

    private readonly Option<string> _generator = FewShotOptions.ModelOrAuto("--generator");

    private readonly Option<bool> _open = new("--open") { Description = "Open the page in the browser." };
    private readonly Option<int?> _gpu = CommonOptions.Gpu();
    private readonly ClusterArguments _cluster = new();
    private readonly LimitOptions _limits = new();

    /// <summary>Makes the command.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="stop">Asks it to end.</param>
    /// <param name="verbose">The option of the whole tool.</param>
    public ServeCommand(Terminal terminal, CancellationToken stop, Option<bool> verbose)
    {
        (_terminal, _stop, _verbose) = (terminal, stop, verbose);
        _port.Validators.Add(CheckPort);
        _host.Validators.Add(CheckHost);
        Command = new Command("serve", """
            Runs the app: a web page that trains image classifiers, step by step, and generates classifiers from a handful of examples; and an
            HTTP API that does the same, described at /openapi/v1.json. Ctrl-C ends it; what was not downloaded is lost.

            Example: mlext serve --open
                     mlext serve --port 8080 --model output/flowers.zip
            """)
        { _port, _host, _names, _model, _generator, _open, _gpu };
        foreach (var option in _cluster.All.Concat(_limits.All))
        {
            Command.Add(option);
        }

        Command.SetAction(parsed => Run(parsed).GetAwaiter().GetResult());
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private async Task<int> Run(ParseResult parsed)
    {
        var settings = Settings(parsed);
        await using var server = await AppServer.Start(_terminal, settings).ConfigureAwait(false);
        _terminal.Line($"The app is at {server.Address} (Ctrl-C ends it).");
        if (server.Cluster is { } cluster)
        {
            _terminal.Line($"It is a silo of the cluster in {cluster}.");
        }

        if (!settings.IsLoopback)
        {
            _terminal.Warn("everyone who can reach this machine can use the app; nothing asks for a password.");
        }

        if (parsed.GetValue(_open))
        {
            OpenBrowser(server.Address);
        }

        var ended = new TaskCompletionSource();
        await using var registration = _stop.Register(ended.SetResult).ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
        return ExitCode.Success;
    }

    private ServeSettings Settings(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(_port) ?? Defaults.Port,
        Host = parsed.GetRequiredValue(_host),
        Names = parsed.GetRequiredValue(_names),
        ModelFile = parsed.GetValue(_model),
        Generator = parsed.GetRequiredValue(_generator),
        Gpu = parsed.GetValue(_gpu),
        IsVerbose = parsed.GetValue(_verbose),
        Cluster = _cluster.Read(parsed),
        Limits = _limits.Read(parsed, isInCluster: _cluster.IsGiven(parsed)),
    };

    private void OpenBrowser(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true });
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            _terminal.Warn($"no browser could be opened: {e.Message}");
        }
    }

    private static Option<int?> Number(string name, string description, int usual, int atLeast) =>
        new Option<int?>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => usual }.AtLeast(atLeast);

    private static void CheckPort(OptionResult result)
    {
        if (result.Errors.Any() || result.Tokens.Count == 0)
        {
            return;
        }

        if (int.TryParse(result.Tokens[^1].Value, out var port) && port > LargestPort)
        {
            result.AddError($"--port must be at most {LargestPort}; it is {port}.");
        }
    }

    private static void CheckHost(OptionResult result)
    {
        var host = result.GetValueOrDefault<string>();
        if (host is not ("*" or "localhost") && !IPAddress.TryParse(host, out _))
        {
            result.AddError($"--host must be an IP address, 'localhost' or '*'; it is '{host}'.");
        }
    }
}
