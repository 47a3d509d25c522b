using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.VisionCore.Tests.Scoring;

/// <summary>A classifier whose answers are easy to foresee: class k for images whose first red value is k, known as far as their second is 255.</summary>
internal sealed class BrightnessScorer(int classCount, int batchSize) : IRowScorer
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public int RowBytes => 12;

    public int ClassCount => classCount;

    public int BatchSize => batchSize;

    public void Score(ReadOnlySpan<byte> features, Span<float> probabilities, Span<float> known)
    {
        Interlocked.Increment(ref _calls);
        probabilities.Clear();
        for (var i = 0; i < features.Length / 12; i++)
        {
            probabilities[(i * classCount) + (features[12 * i] % classCount)] = 1;
            if (!known.IsEmpty)
            {
                known[i] = features[(12 * i) + 1] / 255f;
            }
        }
    }
}
