namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <summary>What a grain answers: a value, or why there is none. Exceptions are left to what nobody expects.</summary>
[GenerateSerializer, Immutable, Alias("MLExtensions.Outcome`1")]
internal sealed record Outcome<T>(
    [property: Id(0)] T? Value,
    [property: Id(1)] HostedClassifierFault? Fault = null,
    [property: Id(2)] string? Message = null)
{
    /// <summary>The value, or the exception that says why there is none.</summary>
    public T Take() => Fault is { } fault ? throw new HostedClassifierException(fault, Message ?? "") : Value!;

    /// <summary>The same fault where another value was expected.</summary>
    public Outcome<TOther> As<TOther>() => new(default, Fault, Message);

    /// <summary>What an engine refused.</summary>
    public static Outcome<T> Of(HostedClassifierException e) => new(default, e.Fault, e.Message);
}
