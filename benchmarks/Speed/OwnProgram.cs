namespace MLExtensions.Benchmarks;

/// <summary>This program once more, for measurements that need a process of their own.</summary>
internal static class OwnProgram
{
    /// <summary>The words that start it: under "dotnet FILE.dll" the file is one of them.</summary>
    internal static string[] Command { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(OwnProgram).Assembly.Location] : [Environment.ProcessPath!];
}
