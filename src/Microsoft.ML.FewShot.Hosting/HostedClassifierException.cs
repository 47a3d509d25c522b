namespace Microsoft.ML.FewShot.Hosting;

/// <summary>A request that cannot be answered.</summary>
public sealed class HostedClassifierException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">The same in words: what was found, and what was expected. It may be shown to whoever asked.</param>
    /// <param name="inner">What is behind it; null for nothing. It may name the store.</param>
    public HostedClassifierException(HostedClassifierFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Why.</summary>
    public HostedClassifierFault Fault { get; }
}
