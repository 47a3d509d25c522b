using System.Diagnostics;
using System.Globalization;
using MLExtensions.Testing;

namespace MLExtensions.Serving;

/// <summary>A process of <c>mlext serve</c>.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2), LongestEnd = TimeSpan.FromMinutes(1);

    private readonly string[] _arguments;
    private readonly string _temporary;
    private Process _process;

    private Server(string[] arguments, string temporary)
    {
        (_arguments, _temporary) = (arguments, temporary);
        _process = Launch();
    }

    /// <summary>Speaks to it, or to what stands in its place.</summary>
    internal required Client Client { get; init; }

    /// <summary>Its memory that is in RAM, in bytes.</summary>
    internal long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <param name="folder">Where it may put temporary files.</param>
    /// <param name="store">The store whose silo it is; null for a plain app.</param>
    /// <param name="classifiers">The most classifiers, of a tenant where there is a store.</param>
    internal static Server Start(string folder, Store? store, int classifiers)
    {
        const string MostStored = "1000000"; // MB
        var port = FreePort.Find();
        string[] cluster = store is null ? [] : ["--cluster", store.Text, "--silo-port", Text(FreePort.Find()), "--max-stored", MostStored];
        return new Server(["serve", "--port", Text(port), "--generator", "symbols", "--max-classifiers", Text(classifiers), .. cluster], folder)
        {
            Client = new Client(new Uri($"http://127.0.0.1:{Text(port)}")),
        };
    }

    /// <summary>Ends it without asking.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end, and waits until it has; nothing where it has already.</summary>
    /// <exception cref="InvalidOperationException">It does not, or ends with a fault.</exception>
    internal async Task End()
    {
        if (_process.HasExited)
        {
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", Text(_process.Id)]);
        using var limit = new CancellationTokenSource(LongestEnd);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"A server did not end within {LongestEnd.TotalSeconds} s of SIGTERM.");
        }

        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"A server that was asked to end did so with {_process.ExitCode}.");
        }
    }

    /// <summary>Starts another in the place of one that has ended, at the same ports.</summary>
    internal async Task StartAgain()
    {
        var ended = _process;
        _process = await Task.Run(Launch).ConfigureAwait(false);
        ended.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        Client.Dispose();
    }

    private Process Launch()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mlext.dll"), .. _arguments])
        {
            RedirectStandardOutput = true,
            Environment = { ["TMPDIR"] = _temporary },
        })!;
        var line = process.StandardOutput.ReadLineAsync();
        if (line.Wait(LongestStart) && ServedAddress.In(line.Result) is not null)
        {
            return process;
        }

        process.Kill();
        process.Dispose();
        throw new InvalidOperationException($"A server did not start: mlext {string.Join(' ', _arguments)}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
