using TorchSharp;

namespace MLExtensions.Testing;

/// <summary>Counts the tensors that this thread has made and not yet freed.</summary>
public static class TensorLedger
{
    /// <summary>Fails unless <paramref name="action"/> leaves exactly <paramref name="expected"/> more live tensors than it found.</summary>
    public static void Leaves(long expected, Action action)
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        action();
        Assert.AreEqual(expected, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, "live tensors left behind");
    }
}
