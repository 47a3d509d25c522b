using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.VisionCore.Tests.Scoring;

[TestClass]
public class LifetimeTests
{
    [TestMethod]
    public void WhatIsInUseIsFreedWhenTheUseEndsAndOnce()
    {
        var model = new Model();
        var lifetime = new Lifetime(model.Dispose, "Classifier");
        using (lifetime.Begin())
        {
            lifetime.Dispose();
            lifetime.Dispose();
            Assert.AreEqual(0, model.Disposals);
            var refused = Assert.ThrowsExactly<ObjectDisposedException>(() => lifetime.Begin().Dispose());
            Assert.AreEqual("Classifier", refused.ObjectName);
            StringAssert.Contains(refused.Message, "OwnsTransformer = false");
        }

        Assert.AreEqual(1, model.Disposals);
    }

    [TestMethod]
    public void WhoeverSharesItKeepsItAlive()
    {
        var model = new Model();
        var lifetime = new Lifetime(model.Dispose, "Generator");
        lifetime.Hold();
        lifetime.Release();
        lifetime.Begin().Dispose();
        Assert.AreEqual(0, model.Disposals);
        lifetime.Release();
        Assert.AreEqual(1, model.Disposals);
        Assert.ThrowsExactly<ObjectDisposedException>(lifetime.Hold);
    }

    [TestMethod]
    public void NoThreadEverUsesWhatIsFreed()
    {
        for (var round = 0; round < 200; round++)
        {
            var model = new Model();
            var lifetime = new Lifetime(model.Dispose, "Classifier");
            using var start = new Barrier(5);
            Thread[] users = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() => Use(lifetime, model, start)))];
            Array.ForEach(users, user => user.Start());
            start.SignalAndWait();
            lifetime.Dispose();
            Array.ForEach(users, user => user.Join());
            Assert.AreEqual((1, 0), (model.Disposals, model.UsesAfterwards));
        }
    }

    private static void Use(Lifetime lifetime, Model model, Barrier start)
    {
        start.SignalAndWait();
        try
        {
            while (true)
            {
                using var use = lifetime.Begin();
                model.Use();
            }
        }
        catch (ObjectDisposedException)
        {
            // As it must end.
        }
    }

    private sealed class Model : IDisposable
    {
        private int _disposals, _usesAfterwards;

        public int Disposals => _disposals;

        public int UsesAfterwards => _usesAfterwards;

        public void Use()
        {
            if (Volatile.Read(ref _disposals) > 0)
            {
                Interlocked.Increment(ref _usesAfterwards);
            }
        }

        public void Dispose() => Interlocked.Increment(ref _disposals);
    }
}
