namespace MLExt.Tests;

/// <summary>What a command line gave.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Checks the exit code; shows what was printed if it differs.</summary>
    public ToolResult Expect(int exitCode)
    {
        Assert.AreEqual(exitCode, ExitCode, $"Output:\n{Output}\nError:\n{Error}");
        return this;
    }
}
