using Microsoft.AspNetCore.Http;
using MLExt.Serve;
using MLExt.Serve.Http;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class ModelThreadTests
{
    [TestMethod]
    public async Task WorkIsDoneInOrderOnOneThread()
    {
        using var models = new ModelThread();
        var done = new List<int>();
        var threads = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => models.Run(() =>
        {
            done.Add(i);
            return Environment.CurrentManagedThreadId;
        }, CancellationToken.None)));
        CollectionAssert.AreEqual(Enumerable.Range(0, 50).ToArray(), done);
        Assert.HasCount(1, threads.Distinct());
    }

    [TestMethod]
    public async Task AFailureIsTheCallersAndTheThreadGoesOn()
    {
        using var models = new ModelThread();
        await Assert.ThrowsExactlyAsync<ProblemException>(() => models.Run<int>(() => throw ProblemException.BadRequest("no"), CancellationToken.None));
        Assert.AreEqual(1, await models.Run(() => 1, CancellationToken.None));
    }

    [TestMethod]
    public async Task WorkThatNobodyWaitsForIsLeftUndone()
    {
        using var models = new ModelThread();
        await Assert.ThrowsAsync<OperationCanceledException>(() => models.Run(() => 1, new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void TooMuchWaitingWorkIsRefusedForTheMoment()
    {
        using var models = new ModelThread();
        using var go = new ManualResetEventSlim();
        _ = models.Run(() => Wait(go), CancellationToken.None);
        var refused = Assert.ThrowsExactly<ProblemException>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _ = models.Run(() => 1, CancellationToken.None);
            }
        });
        Assert.AreEqual(StatusCodes.Status503ServiceUnavailable, refused.Status);
        go.Set();

        static int Wait(ManualResetEventSlim go)
        {
            go.Wait();
            return 1;
        }
    }

    [TestMethod]
    public void WhatIsLetGoIsDisposedOfAfterTheWorkBeforeIt()
    {
        var order = new List<string>();
        using (var models = new ModelThread())
        {
            _ = models.Run(() => Note("work"), CancellationToken.None);
            models.Dispose(new Model(() => Note("disposed")));
        }

        CollectionAssert.AreEqual((string[])["work", "disposed"], order);

        int Note(string what)
        {
            order.Add(what);
            return 0;
        }
    }

    private sealed class Model(Func<int> onDispose) : IDisposable
    {
        public void Dispose() => onDispose();
    }
}
