namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>
/// How sure it is that a row is of one of the classes of a classifier, from a doubt u ≥ 0 and a threshold t &gt; 0 on it: t / (t + u), which is a half at the threshold
/// and falls with the doubt.
/// </summary>
internal static class KnownScore
{
    /// <summary>The known score of a doubt.</summary>
    public static float Of(float doubt, float threshold) => threshold / (threshold + doubt);

    /// <summary>
    /// The least value that a further doubt is at or below with a probability of <paramref name="probability"/>. Of n doubts alone that is the ⌈p (n + 1)⌉th, or the
    /// largest; a prior has a part of <paramref name="priorWeight"/> to n in what is probable.
    /// </summary>
    /// <param name="doubts">Of rows of the classes.</param>
    /// <param name="probability">In (0, 1).</param>
    /// <param name="prior">Doubts of others, as equally probable.</param>
    /// <param name="priorWeight">How many rows they count for together.</param>
    public static double Quantile(IReadOnlyCollection<double> doubts, double probability, IReadOnlyCollection<float>? prior = null, double priorWeight = 0)
    {
        // The n + 1 gaps between n doubts are equally probable.
        var own = doubts.Count / (doubts.Count + 1.0);
        var all = doubts.Select(doubt => (Doubt: doubt, Weight: own));
        if (prior is { Count: > 0 })
        {
            all = all.Concat(prior.Select(doubt => (Doubt: (double)doubt, Weight: priorWeight / prior.Count)));
        }

        // Rounding may not move the place.
        var missing = (probability * (doubts.Count + (prior is { Count: > 0 } ? priorWeight : 0))) - 1e-9;
        var last = 0.0;
        foreach (var (doubt, weight) in all.OrderBy(one => one.Doubt))
        {
            last = doubt;
            missing -= weight;
            if (missing <= 0)
            {
                break;
            }
        }

        return last;
    }
}
