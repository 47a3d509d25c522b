namespace Microsoft.ML.FewShot.Support;

/// <summary>A sample of a support set.</summary>
/// <param name="Features">The bytes of its image [C, S, S], or of its numbers [F].</param>
/// <param name="Classes">
/// The classes that come into question, ascending from 0: one for a labelled sample, several for a partially labelled one, none where nothing is known.
/// </param>
internal sealed record SupportSample(byte[] Features, int[] Classes)
{
    /// <summary>The order in which samples are given to models, so that the order in which they are read has no influence, not even on the last bit of a sum.</summary>
    public static int Compare(SupportSample a, SupportSample b)
    {
        // Labelled samples by class, then partially labelled ones, then unlabelled ones.
        var order = Rank(a).CompareTo(Rank(b));
        order = order != 0 ? order : a.Classes.AsSpan().SequenceCompareTo(b.Classes);
        return order != 0 ? order : a.Features.AsSpan().SequenceCompareTo(b.Features);
    }

    private static int Rank(SupportSample sample) => sample.Classes.Length switch { 1 => 0, > 1 => 1, _ => 2 };
}
