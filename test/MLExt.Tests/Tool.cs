namespace MLExt.Tests;

/// <summary>Runs the tool inside the test process.</summary>
internal static class Tool
{
    /// <summary>Runs one command line.</summary>
    public static ToolResult Run(params string[] args) => Run(CancellationToken.None, args);

    /// <summary>Runs one command line that can be asked to stop.</summary>
    public static ToolResult Run(CancellationToken stop, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = new CommandLine(Terminal.Plain(output, error), stop).Run(args);
        return new ToolResult(exitCode, output.ToString(), error.ToString());
    }
}
