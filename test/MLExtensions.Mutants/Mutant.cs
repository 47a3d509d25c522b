using Microsoft.CodeAnalysis.Text;

namespace MLExtensions.Mutants;

/// <summary>One way to break a file.</summary>
/// <param name="File">Its path in the copy.</param>
/// <param name="Line">Where, counted from 1.</param>
/// <param name="Kind">What kind of mistake it is.</param>
/// <param name="Span">What is replaced.</param>
/// <param name="Original">The replaced text.</param>
/// <param name="Replacement">What stands there instead.</param>
internal sealed record Mutant(string File, int Line, MutantKind Kind, TextSpan Span, string Original, string Replacement);

/// <summary>Kinds of mistakes.</summary>
internal enum MutantKind
{
    /// <summary>Plus for minus, times for divided by, less for more.</summary>
    Sign,

    /// <summary>A whole number that is off by one, or a bound that is included or not.</summary>
    OffByOne,

    /// <summary>A term, factor, step of a chain or statement that is missing.</summary>
    DroppedTerm,

    /// <summary>Another axis of a tensor.</summary>
    SwappedAxis,

    /// <summary>A condition that is never asked, or asked the wrong way.</summary>
    RemovedCheck,
}
