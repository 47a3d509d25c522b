using System.Diagnostics;

namespace MLExt.Tests.Documentation;

/// <summary>Runs a sample in a process of its own.</summary>
internal static class SampleProcess
{
    /// <summary>Runs a sample to its end.</summary>
    /// <param name="ofSample">A type of the sample.</param>
    /// <param name="folder">The folder to start it in.</param>
    /// <param name="args">Its arguments.</param>
    public static (int ExitCode, string Output, string Error) Run(Type ofSample, string folder, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [ofSample.Assembly.Location, .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
