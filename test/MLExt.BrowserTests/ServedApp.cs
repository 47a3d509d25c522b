using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLExt.BrowserTests;

/// <summary>One <c>mlext serve</c> a generator, each in a process of its own, on a port that was free.</summary>
internal static partial class ServedApp
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);
    private static readonly object Gate = new();
    private static readonly Dictionary<string, (Process Process, Uri Address)> Running = [];

    /// <summary>Where it is; it is started the first time.</summary>
    /// <param name="generator">What makes classifiers.</param>
    public static Uri Address(string generator)
    {
        lock (Gate)
        {
            if (!Running.TryGetValue(generator, out var app))
            {
                Running[generator] = app = Start(generator);
            }

            return app.Address;
        }
    }

    /// <summary>Ends them.</summary>
    public static void Stop()
    {
        foreach (var (process, _) in Running.Values)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }
    }

    private static (Process, Uri) Start(string generator)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "serve", "--port", "0", "--generator", generator])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = "1" },
        })!;
        var said = new List<string>();
        var found = new TaskCompletionSource<Uri>();
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!found.Task.Wait(LongestStart))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"mlext serve did not say where it is. It said: {string.Join(Environment.NewLine, said)}");
        }

        return (process, found.Task.Result);

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
