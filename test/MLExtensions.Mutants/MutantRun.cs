using System.Diagnostics;

namespace MLExtensions.Mutants;

/// <summary>Makes a copy of the source, breaks it in one way after the other, and runs the tests until one fails.</summary>
/// <param name="folder">The copy's.</param>
/// <param name="seed">Decides the mutants.</param>
/// <param name="isFast">Whether the slow tests, and those of other projects, are left out.</param>
internal sealed class MutantRun(string folder, int seed, bool isFast)
{
    // Rounds between a mutant and the one that takes its place where it does not compile.
    private const int Stride = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly string[] Quick = ["-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "--nologo"];

    private readonly Dictionary<Area, Mutant[][]> _mutants = [];
    private readonly Dictionary<string, byte[]> _honest = [];       // what lies beside the tests, by its file

    /// <summary>Tries mutants; each has a number, which with the seed decides it.</summary>
    /// <returns>Whether at least 92 of 100 were noticed.</returns>
    public bool Run(int first, int count)
    {
        Copy();
        foreach (var project in Area.AllProjects)
        {
            if (Dotnet(["build", $"test/{project}", .. Quick], IsError) is { } errors)
            {
                throw new InvalidOperationException(errors);
            }

            foreach (var file in Directory.GetFiles(Output("test", project), "Microsoft.ML.*.dll"))
            {
                _honest[file] = File.ReadAllBytes(file);
            }
        }

        foreach (var area in Area.All)
        {
            _mutants[area] = Shuffled(area);
        }

        var survivors = 0;
        for (var number = first; number < first + count; number++)
        {
            survivors += Try(number) ? 0 : 1;
        }

        Console.WriteLine($"{count} mutants, seed {seed}: {count - survivors} noticed, {survivors} not.");
        return survivors * 100 <= count * 8;
    }

    // Whether a test notices.
    private bool Try(int number)
    {
        var area = Area.All[number % Area.All.Length];
        for (var round = number / Area.All.Length; ; round += Stride)
        {
            var kinds = _mutants[area];
            var ofKind = kinds[round % kinds.Length];
            var mutant = ofKind[round / kinds.Length % ofKind.Length];
            var honest = File.ReadAllText(mutant.File);
            try
            {
                File.WriteAllText(mutant.File, honest[..mutant.Span.Start] + mutant.Replacement + honest[mutant.Span.End..]);
                if (Build(mutant.File) is not null)
                {
                    continue;
                }

                var noticed = FirstFailure(area, Path.GetFileNameWithoutExtension(mutant.File));
                Console.WriteLine($"{number,3} {area.Name}, {mutant.Kind}, {Path.GetRelativePath(folder, mutant.File)}:{mutant.Line}: {OneLine(mutant.Original)} => {OneLine(mutant.Replacement)}: {noticed ?? "NOT NOTICED"}");
                return noticed is not null;
            }
            finally
            {
                File.WriteAllText(mutant.File, honest);
                foreach (var (file, bytes) in _honest)
                {
                    Lay(bytes, file);
                }
            }
        }
    }

    // The likeliest tests first, then all.
    private string? FirstFailure(Area area, string broken)
    {
        string[] own = ["--filter", $"FullyQualifiedName~{broken}|FullyQualifiedName~GoldenFile"];
        string[] fast = ["--filter", string.Join('&', Area.SlowTests.Select(name => $"FullyQualifiedName!~{name}"))];
        var failure = First(area.Projects, project => Test(project, own)) ?? First(area.Projects, project => Test(project, fast));
        return failure is not null || isFast ? failure : First(Area.AllProjects, project => Test(project, []));
    }

    private string? Test(string project, string[] filter) => Dotnet(["test", $"test/{project}", .. Quick, "--no-build", "--logger", "console;verbosity=normal", .. filter],
        line => line.StartsWith("  Failed ", StringComparison.Ordinal) || line.Contains("Test Run Aborted", StringComparison.Ordinal) || line.Contains("test host process crashed", StringComparison.OrdinalIgnoreCase));

    // Builds the broken assembly alone and lays it beside the tests; what the compiler says against it, if anything.
    private string? Build(string file)
    {
        var project = Path.GetRelativePath(Path.Combine(folder, "src"), file).Split(Path.DirectorySeparatorChar)[0];
        if (Dotnet(["build", $"src/{project}", "--no-dependencies", .. Quick], IsError) is { } errors)
        {
            return errors;
        }

        foreach (var beside in _honest.Keys.Where(beside => Path.GetFileName(beside) == $"{project}.dll"))
        {
            Lay(File.ReadAllBytes(Path.Combine(Output("src", project), $"{project}.dll")), beside);
        }

        return null;
    }

    // Outputs are links to those of the project that made them.
    private static void Lay(byte[] bytes, string file)
    {
        File.Delete(file);
        File.WriteAllBytes(file, bytes);
    }

    private static bool IsError(string line) => line.Contains(": error ", StringComparison.Ordinal);

    private string Output(string above, string project) => Path.Combine(folder, above, project, "bin", "Release", "net10.0");

    private static string? First(string[] projects, Func<string, string?> failure) => projects.Select(failure).FirstOrDefault(said => said is not null);

    // The first line that means failure; null where all is well.
    private string? Dotnet(string[] arguments, Predicate<string> isFailure)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var line = process.StandardOutput.ReadLineAsync();
            var isLate = !line.Wait(watch.Elapsed < Patience ? Patience - watch.Elapsed : TimeSpan.Zero);
            if (isLate || (line.Result is { } said && isFailure(said)))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return isLate ? "hangs" : line.Result!.Trim();
            }

            if (line.Result is null)
            {
                process.WaitForExit();
                return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}";
            }
        }
    }

    // By kind, in an order that the seed decides.
    private Mutant[][] Shuffled(Area area)
    {
        var files = area.Files.Select(file => Path.Combine(folder, "src", file))
            .SelectMany(path => Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.cs").Order(StringComparer.Ordinal)] : new[] { path });
        Mutant[][] kinds = [.. files.SelectMany(MutantFinder.Find).GroupBy(mutant => mutant.Kind).OrderBy(kind => kind.Key).Select(kind => kind.ToArray())];
        var random = new Random(seed);
        foreach (var kind in kinds)
        {
            random.Shuffle(kind);
        }

        return kinds;
    }

    private void Copy()
    {
        var root = Directory.GetCurrentDirectory();
        while (!File.Exists(Path.Combine(root, "MLExtensions.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException($"{Directory.GetCurrentDirectory()} is not in a checkout of the source.");
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-co", "--exclude-standard", "-z"]) { WorkingDirectory = root, RedirectStandardOutput = true })!;
        foreach (var file in git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(root, file))))
        {
            var to = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(root, file), to);
        }
    }

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 90 ? line[..90] + "..." : line;
    }
}
