using System.Diagnostics;
using System.Globalization;
using MLExtensions.Testing;

namespace Microsoft.ML.Distributed.Tests;

/// <summary>Runs the program of MLExtensions.Ranks, alone or as the processes of an MPI.</summary>
internal static class Mpi
{
    /// <summary>MPICH's launcher.</summary>
    public const string Mpich = "mpirun.mpich";

    /// <summary>Open MPI's.</summary>
    public const string Open = "mpirun.openmpi";

    /// <summary>Runs it to its end.</summary>
    /// <param name="launcher">Whose processes; null for one process without a launcher. The test is skipped where it is not installed.</param>
    /// <param name="ranks">How many.</param>
    /// <param name="words">What the program is told.</param>
    public static ProgramRun Run(string? launcher, int ranks, string[] words)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MLExtensions.Ranks.dll");
        string[] line = launcher is null ? ["dotnet", program, .. words]
            : [Find(launcher), .. launcher == Open ? ["--oversubscribe"] : Array.Empty<string>(), "-n", ranks.ToString(CultureInfo.InvariantCulture), "dotnet", program, .. words];
        var start = new ProcessStartInfo(line[0], line[1..]);
        // Containers have no other user than root.
        (start.Environment["OMPI_ALLOW_RUN_AS_ROOT"], start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        return ProgramRun.Of(start);
    }

    /// <summary>The same, and it must go well.</summary>
    public static string Output(string? launcher, int ranks, string[] words)
    {
        var run = Run(launcher, ranks, words);
        Assert.AreEqual(0, run.ExitCode, $"{launcher} with {ranks}: {run.Output}{run.Error}");
        return run.Output;
    }

    private static string Find(string launcher) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, launcher)).FirstOrDefault(File.Exists)
            ?? throw new AssertInconclusiveException($"{launcher} is not installed (Debian's package {(launcher == Mpich ? "mpich" : "openmpi-bin")}).");
}
