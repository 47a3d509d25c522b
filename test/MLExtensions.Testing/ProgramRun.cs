using System.Diagnostics;

namespace MLExtensions.Testing;

/// <summary>What a program did that was run to its end.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it wrote to the standard output.</param>
/// <param name="Error">What it wrote to the standard error.</param>
public readonly record struct ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end; both of its streams are read as it writes them.</summary>
    /// <param name="start">The program. Its streams are redirected here.</param>
    public static ProgramRun Of(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output, error.Result);
    }
}
