using System.Diagnostics;
using System.Runtime.InteropServices;
using MLExtensions.Testing;

namespace MLExt.Tests.Packages;

/// <summary>Runs dotnet commands with a folder of installed packages of their own.</summary>
internal static class DotnetCommand
{
    /// <summary>Runs one command.</summary>
    /// <param name="folder">The folder to run it in.</param>
    /// <param name="program">dotnet, or another program.</param>
    /// <param name="args">Its arguments.</param>
    public static (int ExitCode, string Output) Run(string folder, string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder };
        start.Environment["NUGET_PACKAGES"] = PackedFeed.Installed;
        // Where an installed tool looks for the runtime that is not in the usual place.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // a process that stays behind would hold the pipes open
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        var (exitCode, output, error) = ProgramRun.Of(start);
        return (exitCode, output + error);
    }

    /// <summary>Runs one command that must succeed.</summary>
    /// <returns>What it printed.</returns>
    public static string Expect(string folder, string program, params string[] args)
    {
        var (exitCode, output) = Run(folder, program, args);
        Assert.AreEqual(0, exitCode, $"{program} {string.Join(' ', args)}\n{output}");
        return output;
    }
}
