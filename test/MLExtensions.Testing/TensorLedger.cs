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

    /// <summary>Fails unless <paramref name="action"/> leaves nothing when it is taken again and again; what is made at first use, once for the process, may stay.</summary>
    public static void LeavesNothing(Action action, int times)
    {
        action();
        Leaves(0, () =>
        {
            for (var time = 0; time < times; time++)
            {
                action();
            }
        });
    }
}
