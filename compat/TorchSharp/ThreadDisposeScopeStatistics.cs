namespace TorchSharp;

/// <summary>What this thread has made and released, for finding leaks.</summary>
public class ThreadDisposeScopeStatistics
{
    public LifetimeStatistics TensorStatistics { get; } = new();

    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount;

    public override string ToString() => TensorStatistics.ToString();
}
