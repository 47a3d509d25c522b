namespace Microsoft.ML.FewShot.Hosting;

/// <summary>A request that cannot be answered.</summary>
public sealed class HostedClassifierException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">The same in words: what was found, and what was expected.</param>
    public HostedClassifierException(HostedClassifierFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>Why.</summary>
    public HostedClassifierFault Fault { get; }
}
