using System.Diagnostics;
using System.Globalization;
using System.Net;
using MLExtensions.Testing;

namespace MLExtensions.Fuzz;

/// <summary>
/// <c>mlext serve</c> under many users at once who send what they should and what they should not: every answer must be a proper one, memory must stay bounded,
/// nothing may be written outside the server's own folder, and a server that was killed must begin again.
/// </summary>
/// <param name="tool">The tool, mlext.dll.</param>
/// <param name="seed">Decides what each user sends, and when the server is killed.</param>
/// <param name="connections">How many users there are.</param>
internal sealed class LoadRun(string tool, int seed, int connections)
{
    private const string WorkFolders = "mlext-serve-*";

    /// <summary>The resident set at the end may be so many times that of the middle, by when every user has done everything.</summary>
    private const double LargestGrowth = 1.25;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5), Recovery = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromMinutes(2);

    private readonly LoadTally _tally = new();
    private readonly TemporaryFolder _place = new();

    /// <summary>Serves and asks for so long, with so many kills at equal distances, more or less.</summary>
    /// <returns>What went wrong; empty where nothing did.</returns>
    public IReadOnlyList<string> Run(TimeSpan time, int kills)
    {
        using (_place)
        {
            Prepare();
            var before = Files();
            var random = new Random(seed);
            for (var life = 0; life <= kills; life++)
            {
                var isLast = life == kills;
                Live(life, time / (kills + 1) * (isLast ? 1 : 0.5 + (random.NextDouble() / 2)), isLast).GetAwaiter().GetResult();
            }

            foreach (var file in Files().Except(before))
            {
                _tally.Fault($"a file was written or changed outside the server's folder, or left in it: {file}");
            }
        }

        Console.Write(_tally.Describe());
        return _tally.Faults;
    }

    /// <summary>Trains the model of the command line, and makes the server's folders.</summary>
    private void Prepare()
    {
        foreach (var folder in (string[])["temp", "home", "here"])
        {
            Directory.CreateDirectory(_place["server", folder]);
        }

        TinyImages.WriteFolder(_place["bars"], perClass: 30);
        var trained = ProgramRun.Of(Tool("image-classification", "--dataset", _place["bars"], "--epochs", "4", "--image-size", "16", "--output", _place["model"], "--name", "bars"));
        if (trained.ExitCode != 0)
        {
            throw new InvalidOperationException(trained.Error);
        }
    }

    private async Task Live(int number, TimeSpan time, bool isLast)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(Tool("serve", "--port", "0", "--model", _place["model", "bars.zip"]))!;
        var errors = Watch(process.StandardError);
        var first = await process.StandardOutput.ReadLineAsync();
        var address = ServedAddress.In(first) ?? throw new InvalidOperationException($"The server says '{first}': {process.StandardError.ReadToEnd()}");
        _ = process.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        await Plain(http);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The server's life {number + 1} begins; it answered after {watch.Elapsed.TotalSeconds:F1} s."));
        await CheckLost(http, number);

        using var end = new CancellationTokenSource();
        LoadUser[] users = [.. Enumerable.Range(0, connections).Select(user => new LoadUser(http, new Random(unchecked((((seed * 1009) + number) * 10_007) + user)), _tally, end.Token))];
        var asking = Task.WhenAll(users.Select(user => Task.Run(user.Ask)));
        var resident = await Look(process, time);
        if (isLast)
        {
            await end.CancelAsync();
            await asking;
            await CheckRecovery(http, process, resident);
            await Stop(process);
        }
        else
        {
            _tally.IsKilling = true;
            await end.CancelAsync();
            process.Kill();
            await process.WaitForExitAsync();
            await asking;
            _tally.IsKilling = false;
            Age();
        }

        await errors;
    }

    /// <summary>Waits, and looks at the resident set meanwhile.</summary>
    private static async Task<List<long>> Look(Process process, TimeSpan time)
    {
        var seen = new List<long>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time && !process.HasExited;)
        {
            await Task.Delay(time - watch.Elapsed < Interval ? TimeSpan.FromTicks(Math.Max(1, (time - watch.Elapsed).Ticks)) : Interval);
            process.Refresh();
            seen.Add(process.HasExited ? 0 : process.WorkingSet64);
        }

        return seen;
    }

    private async Task CheckRecovery(HttpClient http, Process process, List<long> resident)
    {
        var watch = Stopwatch.StartNew();
        await Plain(http);
        var status = watch.Elapsed;
        await Plain(http, LoadUser.Small);
        var prediction = watch.Elapsed - status;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"After the burst a plain request took {status.TotalMilliseconds:F0} ms and a prediction {prediction.TotalMilliseconds:F0} ms."));
        if (watch.Elapsed > Recovery)
        {
            _tally.Fault($"after the burst two requests took {watch.Elapsed}");
        }

        process.Refresh();
        var (middle, last) = (resident[..((resident.Count + 1) / 2)].Max(), resident[(resident.Count / 2)..].Max());
        Console.WriteLine($"Resident, MiB: {string.Join(' ', resident.Select(bytes => bytes >> 20))}; at the end {process.WorkingSet64 >> 20}.");
        if (last > middle * LargestGrowth)
        {
            _tally.Fault($"the resident set has grown from {middle >> 20} MiB in the first half of the time to {last >> 20} in the second");
        }
    }

    /// <summary>What a server that was killed had kept must be told as gone by the next one.</summary>
    private async Task CheckLost(HttpClient http, int life)
    {
        foreach (var path in _tally.TakeKept())
        {
            using var answer = await http.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.NotFound || !text.Contains("there is no", StringComparison.OrdinalIgnoreCase))
            {
                _tally.Fault($"in life {life + 1}, {path} of an earlier one: {(int)answer.StatusCode} {text}");
            }
        }

        if (Directory.GetDirectories(_place["server", "temp"], WorkFolders) is { Length: not 1 } folders)
        {
            _tally.Fault($"in life {life + 1} the folders of earlier ones are left: {string.Join(", ", folders)}");
        }
    }

    /// <summary>A server takes folders for those of a killed one when they are a minute old.</summary>
    private void Age()
    {
        foreach (var file in Directory.GetFiles(_place["server", "temp"], ".lock", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        }
    }

    private async Task Stop(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill();
            await process.WaitForExitAsync();
            return;
        }

        using var polite = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0)
        {
            _tally.Fault($"the server ended with {process.ExitCode}");
        }
    }

    private async Task Watch(StreamReader errors)
    {
        while (await errors.ReadLineAsync() is { } line)
        {
            // A training that is stopped at once fails; a request must not.
            if ((line.StartsWith("error: ", StringComparison.Ordinal) && !line.Contains("the training", StringComparison.Ordinal)) || line.Contains("Unhandled", StringComparison.Ordinal))
            {
                _tally.Fault($"the server's terminal: {line}");
            }
        }
    }

    /// <summary>All files that the server could reach and that are nobody else's, with what tells a change.</summary>
    private IEnumerable<string> Files() =>
        [.. from folder in (string[])[_place.Path, Path.GetDirectoryName(Path.GetFullPath(tool))!]
            from file in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            where file is FileInfo
            select string.Create(CultureInfo.InvariantCulture, $"{file.FullName}, {((FileInfo)file).Length} bytes, {file.LastWriteTimeUtc:O}")];

    private ProcessStartInfo Tool(params string[] arguments)
    {
        var temp = _place["server", "temp"];
        return new ProcessStartInfo("dotnet", [Path.GetFullPath(tool), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _place["server", "here"],
            // No sockets for debuggers among the temporary files.
            Environment = { ["TMPDIR"] = temp, ["TEMP"] = temp, ["TMP"] = temp, ["HOME"] = _place["server", "home"], ["DOTNET_EnableDiagnostics"] = "0" },
        };
    }

    private static async Task Plain(HttpClient http, byte[]? image = null)
    {
        using var answer = await (image is null ? http.GetAsync("/api/status") : http.PostAsync("/api/predict", new ByteArrayContent(image)));
        answer.EnsureSuccessStatusCode();
    }
}
