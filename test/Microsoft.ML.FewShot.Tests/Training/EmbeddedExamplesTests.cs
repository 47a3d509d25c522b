using Microsoft.ML.FewShot.Tests.Data;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Training;

namespace Microsoft.ML.FewShot.Tests.Training;

[TestClass]
public sealed class EmbeddedExamplesTests
{
    private static readonly EpisodeSettings Tasks = new() { Ways = 5, Shots = 1, Queries = 2, Variation = new ClassVariation(1, 1, 0) };

    private readonly ExamplePool _pool = NumberedPool.Images(40, 10);

    [TestMethod]
    public void WithTimeAllExamplesAreEmbeddedInEveryOrientation()
    {
        var (pool, tasks) = EmbeddedExamples.Choose(_pool, Tasks, 1600, 1);
        Assert.AreSame(_pool, pool);
        Assert.AreSame(Tasks, tasks);
    }

    [TestMethod]
    public void WithLittleTimeClassesAreNotTurnedAndThenFewer()
    {
        var (pool, tasks) = EmbeddedExamples.Choose(_pool, Tasks, 1599, 1);
        Assert.AreEqual(40, pool.Classes.Count);
        CollectionAssert.AreEqual(new byte[] { 4 }, tasks.Variation.Orientations(pool.Shape));

        (pool, _) = EmbeddedExamples.Choose(_pool, Tasks, 100, 1);
        Assert.AreEqual(10, pool.Classes.Count);
        CollectionAssert.IsSubsetOf(pool.Classes.ToArray(), _pool.Classes.ToArray());
    }

    [TestMethod]
    public void WithNoTimeThereAreStillEnoughClassesForATask()
    {
        var (pool, tasks) = EmbeddedExamples.Choose(_pool, Tasks, 0, 1);
        Assert.IsTrue(pool.Classes.Count is 5 or 6, $"{pool.Classes.Count} classes");
        _ = new EpisodeSampler(pool, tasks, 1);
    }
}
