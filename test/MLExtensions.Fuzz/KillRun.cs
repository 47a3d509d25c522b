using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.VisionCore.Weights;
using MLExtensions.Testing;

namespace MLExtensions.Fuzz;

/// <summary>Kills a training again and again, and looks at what it leaves and at the weights that it ends with.</summary>
/// <param name="trainer">One of <see cref="SmallTraining.Trainers"/>.</param>
/// <param name="seed">Decides how long each process lives.</param>
internal sealed class KillRun(string trainer, int seed)
{
    private const string Begins = "begins", Weights = "weights ", CheckpointName = "run";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Random _random = new(seed);
    private TimeSpan _whole;
    private int _ended, _duringWriting, _resumed;

    /// <summary>What the killed process does: trains, and says what weights it ends with.</summary>
    public static void Train(string trainer, string checkpoint)
    {
        Console.WriteLine(Begins);
        var (model, data) = SmallTraining.Run(trainer, checkpoint.Length > 0 ? checkpoint : null, isTiny: false);
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, data.Schema, file);
        // The file itself holds times.
        var content = ModelMutator.Read(file.ToArray()).SelectMany(part => part.Bytes).ToArray();
        Console.WriteLine(Weights + Convert.ToHexString(SHA256.HashData(content)));
    }

    /// <summary>Kills so many times, and then lets the training end.</summary>
    /// <returns>What was counted.</returns>
    /// <exception cref="InvalidOperationException">A training ended with other weights or an error, or left what it should not.</exception>
    public string Run(int times)
    {
        using var folder = new TemporaryFolder();
        var expected = RunToEnd("") ?? throw new InvalidOperationException("The training that nothing disturbs does not end.");
        for (var kills = 0; kills <= times;)
        {
            _resumed += File.Exists(folder[CheckpointName]) || Directory.GetFiles(folder.Path, CheckpointName + ".*").Length > 0 ? 1 : 0;
            var weights = kills < times ? RunAndKill(folder) : RunToEnd(folder[CheckpointName]);
            if (weights is null)
            {
                kills++;
                CheckKilled(folder, kills);
                continue;
            }

            _ended++;
            CheckEnded(folder, expected, weights, kills);
            Console.WriteLine($"A training ended after kill {kills}, with the same weights.");
            if (kills == times)
            {
                break;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{times} kills, {_duringWriting} of them while a checkpoint was being written; {_resumed} processes went on from what a killed one had left; "
            + $"{_ended} trainings came to their end, all with the weights of the one that was not killed.");
    }

    private string? RunToEnd(string checkpoint)
    {
        using var process = Start(checkpoint);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput;
        ReadLine(output);
        var watch = Stopwatch.StartNew();
        var weights = ReadLine(output);
        _whole = watch.Elapsed;
        process.WaitForExit();
        return weights ?? throw new InvalidOperationException(errors.Result);
    }

    // Null where it was killed before its end.
    private string? RunAndKill(TemporaryFolder folder)
    {
        using var process = Start(folder[CheckpointName]);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput;
        // Some die before they have begun.
        var isEarly = _random.Next(10) == 0;
        var (life, isAtWriting) = (_random.NextDouble(), _random.Next(2) == 0);
        if (isEarly)
        {
            Thread.Sleep(TimeSpan.FromSeconds(life));
        }
        else
        {
            ReadLine(output);
            Thread.Sleep(_whole * life / 2);
            var deadline = Stopwatch.StartNew();
            while (isAtWriting && !IsWriting(folder) && !process.HasExited && deadline.Elapsed < _whole)
            {
                Thread.Yield();
            }

            Thread.SpinWait(_random.Next(100_000));
        }

        process.Kill();
        process.WaitForExit();
        string? last = null;
        while (output.ReadLine() is { } line)
        {
            last = line;
        }

        if (last?.StartsWith(Weights, StringComparison.Ordinal) == true)
        {
            return last;
        }

        // 137 is what a process killed by SIGKILL ends with; Windows has another number.
        return process.ExitCode == 137 || !OperatingSystem.IsLinux() ? null : throw new InvalidOperationException($"The training ended with {process.ExitCode}: {errors.Result}");
    }

    private static bool IsWriting(TemporaryFolder folder) => Directory.EnumerateFiles(folder.Path, "*.tmp").Any();

    private void CheckKilled(TemporaryFolder folder, int kills)
    {
        _duringWriting += IsWriting(folder) ? 1 : 0;
        var files = Directory.GetFiles(folder.Path);
        if (files.Length > 8)
        {
            throw new InvalidOperationException($"After kill {kills} there are {files.Length} files: {string.Join(", ", files.Select(Path.GetFileName))}.");
        }

        foreach (var path in files.Where(path => Path.GetExtension(path) is not (".tmp" or ".lock")))
        {
            using var file = File.OpenRead(path);
            foreach (var (_, value) in SafetensorsReader.Open(file, file.Length).ReadTensors())
            {
                value.Dispose();
            }
        }
    }

    private static void CheckEnded(TemporaryFolder folder, string expected, string weights, int kills)
    {
        if (weights != expected)
        {
            throw new InvalidOperationException($"After kill {kills} the training ended with {weights}, not {expected}.");
        }

        if (Directory.GetFiles(folder.Path) is { Length: > 0 } left)
        {
            throw new InvalidOperationException($"After kill {kills} the training has ended and left {string.Join(", ", left.Select(Path.GetFileName))}.");
        }
    }

    private Process Start(string checkpoint) => Process.Start(new ProcessStartInfo("dotnet", [typeof(KillRun).Assembly.Location, "train", trainer, checkpoint])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string? ReadLine(StreamReader output)
    {
        var line = output.ReadLineAsync();
        return line.Wait(Patience) ? line.Result : throw new InvalidOperationException("The training hangs.");
    }
}
