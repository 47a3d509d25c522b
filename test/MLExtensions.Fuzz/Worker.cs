using System.Diagnostics;
using System.Globalization;

namespace MLExtensions.Fuzz;

/// <summary>Tries mutants one after the other and says on the standard output how each went, so that whoever started the process knows which one it died of.</summary>
internal static class Worker
{
    private const int Growth = 4;

    /// <summary>The mutant of a number.</summary>
    public static (int Honest, byte[] File) Mutant(Subject subject, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var honest = random.Next(subject.Honest.Count);
        return (honest, subject.Mutate(honest, random));
    }

    /// <summary>Tries mutants from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public static void Run(Subject subject, int seed, int first, int end)
    {
        var limits = new Cost[subject.Honest.Count];
        for (var honest = 0; honest < limits.Length; honest++)
        {
            // The second time, when all code has been compiled.
            subject.Try(honest, subject.Honest[honest].File);
            var (answer, cost) = Measure(subject, honest, subject.Honest[honest].File);
            if (answer != "scored")
            {
                throw new InvalidOperationException($"The honest file '{subject.Honest[honest].Name}': {answer}.");
            }

            limits[honest] = cost;
        }

        for (var number = first; number < end; number++)
        {
            var (honest, file) = Mutant(subject, seed, number);
            Console.WriteLine($"> {number}");
            var (answer, cost) = Measure(subject, honest, file);
            // What the runtime does beside, compiling and collecting, is not there the second time.
            if (!answer.StartsWith('!') && Excess(subject, cost, limits[honest]) is not null)
            {
                (answer, cost) = Measure(subject, honest, file);
                answer = answer.StartsWith('!') ? answer : Excess(subject, cost, limits[honest]) ?? answer;
            }

            Console.WriteLine($"< {number} {answer}");
        }
    }

    // What a mutant takes too much of; null where it does not.
    private static string? Excess(Subject subject, Cost cost, Cost limit) =>
        cost.Time > subject.Longest ? string.Create(CultureInfo.InvariantCulture, $"!{cost.Time.TotalSeconds:F1} s")
        : cost.Managed > (Growth * limit.Managed) + subject.Slack ? $"!{cost.Managed >> 20} MiB allocated, {limit.Managed >> 20} MiB for the honest file"
        : cost.Resident > (Growth * limit.Resident) + subject.Slack ? $"!{cost.Resident >> 20} MiB resident, {limit.Resident >> 20} MiB for the honest file"
        : null;

    private static (string Answer, Cost Cost) Measure(Subject subject, int honest, byte[] file)
    {
        var (managed, resident) = (GC.GetTotalAllocatedBytes(), ForgetPeak());
        var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var answer = subject.Try(honest, file);
        // On a busy machine the clock counts what others do; what waits for ever, whoever started the process finds.
        var busy = Environment.CpuUsage.TotalTime - processor;
        return (answer, new Cost(watch.Elapsed < busy ? watch.Elapsed : busy, GC.GetTotalAllocatedBytes() - managed, Math.Max(0, Status("VmHWM") - resident)));
    }

    // The resident set, from which on the peak counts again.
    private static long ForgetPeak()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        File.WriteAllText("/proc/self/clear_refs", "5");
        return Status("VmRSS");
    }

    private static long Status(string name)
    {
        const string Path = "/proc/self/status";
        var line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(string.Concat(line.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture) << 10;
    }

    private readonly record struct Cost(TimeSpan Time, long Managed, long Resident);
}
