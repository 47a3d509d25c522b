using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLExt.BrowserTests;

/// <summary>One <c>mlext serve</c> in a process of its own, on a port that was free.</summary>
internal static partial class ServedApp
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);
    private static readonly object Gate = new();
    private static Process? _process;
    private static Uri? _address;

    /// <summary>Where it is; it is started the first time.</summary>
    public static Uri Address
    {
        get
        {
            lock (Gate)
            {
                return _address ??= Start();
            }
        }
    }

    /// <summary>Ends it.</summary>
    public static void Stop()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process?.Dispose();
    }

    private static Uri Start()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "serve", "--port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = "1" },
        })!;
        var said = new List<string>();
        var found = new TaskCompletionSource<Uri>();
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!found.Task.Wait(LongestStart))
        {
            Assert.Fail($"mlext serve did not say where it is. It said: {string.Join(Environment.NewLine, said)}");
        }

        return found.Task.Result;

        void Hear(string? line)
        {
            lock (said)
            {
                said.Add(line ?? "(end)");
                if (line is not null && Url().Match(line) is { Success: true } match)
                {
                    found.TrySetResult(new Uri(match.Value));
                }
            }
        }
    }

    [GeneratedRegex(@"http://[\w.\[\]:]+:\d+/?")]
    private static partial Regex Url();
}
