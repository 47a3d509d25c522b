namespace MLExtensions.Serving;

/// <summary>What a server said to a question.</summary>
/// <param name="IsRight">Whether the answer is that of the right classifier, and true.</param>
/// <param name="Fault">Why there is no answer; null where there is one.</param>
internal readonly record struct Reply(bool IsRight, string? Fault)
{
    /// <summary>Whether there is an answer and it is wrong.</summary>
    internal bool IsWrong => Fault is null && !IsRight;
}
