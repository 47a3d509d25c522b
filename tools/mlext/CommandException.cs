namespace MLExt;

/// <summary>A command that cannot go on for a reason its user can act on; the message is all they are shown.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCode.Failure, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
