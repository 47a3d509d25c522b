using System.Diagnostics;
using MLExtensions.Testing;

namespace MLExt.Tests.Documentation;

/// <summary>Runs a sample in a process of its own.</summary>
internal static class SampleProcess
{
    /// <summary>Runs a sample to its end, in no language: samples write numbers as the system does.</summary>
    /// <param name="ofSample">A type of the sample.</param>
    /// <param name="folder">The folder to start it in.</param>
    /// <param name="args">Its arguments.</param>
    public static ProgramRun Run(Type ofSample, string folder, params string[] args) =>
        ProgramRun.Of(new ProcessStartInfo("dotnet", [ofSample.Assembly.Location, .. args]) { WorkingDirectory = folder, Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" } });
}
