using System.Diagnostics;

namespace MLExtensions.Benchmarks;

/// <summary>This program once more, for measurements that need a process of their own.</summary>
internal static class OwnProgram
{
    /// <summary>The words that start it: under "dotnet FILE.dll" the file is one of them.</summary>
    internal static string[] Command { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(OwnProgram).Assembly.Location] : [Environment.ProcessPath!];

    /// <summary>What it prints, or another program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <exception cref="InvalidOperationException">It ended with a fault.</exception>
    internal static string OutputOf(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }
}
