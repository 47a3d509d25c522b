using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class LookAheadTests
{
    [TestMethod]
    public void ItemsComeInOrderFromAnotherThread()
    {
        var threads = new HashSet<int>();
        var items = LookAhead.Run(Count(100, () => threads.Add(Environment.CurrentManagedThreadId)), 3, CancellationToken.None).ToArray();

        CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToArray(), items);
        Assert.HasCount(1, threads);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);
    }

    [TestMethod]
    public void AFailureReachesTheTakerAfterTheItemsBeforeIt()
    {
        var taken = new List<int>();
        var error = Assert.ThrowsExactly<FormatException>(() =>
        {
            foreach (var item in LookAhead.Run(Failing(), 3, CancellationToken.None))
            {
                taken.Add(item);
            }
        });

        Assert.AreEqual("broken", error.Message);
        CollectionAssert.AreEqual(new[] { 1, 2 }, taken);
    }

    [TestMethod]
    public void LeavingEarlyEndsTheProducer()
    {
        var isDisposed = false;
        foreach (var item in LookAhead.Run(Endless(() => isDisposed = true), 2, CancellationToken.None))
        {
            if (item == 5)
            {
                break;
            }
        }

        Assert.IsTrue(isDisposed);
    }

    [TestMethod]
    public void CancellingEndsTheEnumeration()
    {
        var isDisposed = false;
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() =>
        {
            foreach (var item in LookAhead.Run(Endless(() => isDisposed = true), 2, cancel.Token))
            {
                if (item == 5)
                {
                    cancel.Cancel();
                }
            }
        });
        Assert.IsTrue(isDisposed);
    }

    private static IEnumerable<int> Count(int count, Action onItem)
    {
        for (var i = 0; i < count; i++)
        {
            onItem();
            yield return i;
        }
    }

    private static IEnumerable<int> Failing()
    {
        yield return 1;
        yield return 2;
        throw new FormatException("broken");
    }

    private static IEnumerable<int> Endless(Action onDispose)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                yield return i;
            }
        }
        finally
        {
            onDispose();
        }
    }
}
