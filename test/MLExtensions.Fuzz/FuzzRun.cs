using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MLExtensions.Fuzz;

/// <summary>Tries mutants in a process of its own, which is started again when one has taken it down, and counts what became of them.</summary>
/// <param name="kind">One of <see cref="Subject.Kinds"/>.</param>
/// <param name="seed">Decides the mutants.</param>
/// <param name="folder">Where mutants are kept that came to no good end.</param>
internal sealed partial class FuzzRun(string kind, int seed, string folder)
{
    private const int MostKeptOfAKind = 3;

    // By the clock, on a machine that may have other things to do: of what is only slow, the worker says so.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Every honest file is tried twice before.
    private static readonly TimeSpan Beginning = TimeSpan.FromMinutes(15);

    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _kept = new(StringComparer.Ordinal);
    private Subject? _subject;

    /// <summary>Tries them all.</summary>
    /// <returns>How many came to no good end.</returns>
    public int Run(int first, int count)
    {
        var (next, end, bad, idle) = (first, first + count, 0, 0);
        while (next < end)
        {
            var begun = next;
            var died = RunWorker(ref next, end, ref bad);
            if (died is not null)
            {
                bad++;
                Note(next, "!" + died);
                next++;
            }

            // A worker that does not even begin would be started for ever.
            if (next == begun && ++idle > 2)
            {
                throw new InvalidOperationException("The worker ends before it has tried a mutant.");
            }
        }

        foreach (var (outcome, times) in _outcomes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times,8} {outcome}"));
        }

        return bad;
    }

    // Why the worker ended before its time; null where it did not.
    private string? RunWorker(ref int next, int end, ref int bad)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        string[] arguments = [.. program, "worker", kind, "--seed", $"{seed}", "--first", $"{next}", "--count", $"{end - next}"];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var trying = false;
        while (true)
        {
            var line = process.StandardOutput.ReadLineAsync();
            if (!line.Wait(trying ? Patience : Beginning))
            {
                process.Kill(entireProcessTree: true);
                return "hangs";
            }

            if (line.Result is not { } said)
            {
                process.WaitForExit();
                var last = errors.Result.Split('\n').LastOrDefault(text => text.Trim().Length > 0) ?? "";
                return next >= end ? null : trying ? $"takes the process down with {process.ExitCode}: {last}" : throw new InvalidOperationException(errors.Result);
            }

            trying = said.StartsWith('>');
            if (said.StartsWith('<'))
            {
                var answer = said.Split(' ', 3)[2];
                bad += answer.StartsWith('!') ? 1 : 0;
                Note(next++, answer);
            }
        }
    }

    private void Note(int number, string answer)
    {
        var outcome = Numbers().Replace(answer, "#");
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        if (!answer.StartsWith('!') || (_kept[outcome] = _kept.GetValueOrDefault(outcome) + 1) > MostKeptOfAKind)
        {
            return;
        }

        _subject ??= Subject.Of(kind);
        Directory.CreateDirectory(folder);
        var (honest, file) = Worker.Mutant(_subject, seed, number);
        var path = Path.Combine(folder, $"{kind}-{seed}-{number}{_subject.Extension}");
        File.WriteAllBytes(path, file);
        Console.WriteLine($"{path}, made of '{_subject.Honest[honest].Name}': {answer[1..]}");
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
