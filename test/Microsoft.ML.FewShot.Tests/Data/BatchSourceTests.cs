using MLExtensions.Testing;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Data;

[TestClass]
public sealed class BatchSourceTests
{
    private static readonly ImageNormalization Plain = new([0], [1]);

    private readonly ExamplePool _pool = NumberedPool.Images(10, 4);

    [TestMethod]
    public void ABatchOfClassesHasDifferentExamplesOfDifferentClasses()
    {
        using var source = new ClassBatchSource(_pool, 6, 3, ClassVariation.None, Plain, 5, 1, CPU);
        Assert.AreEqual(18, source.ExamplesPerBatch);
        foreach (var batch in source.ReadEpoch(0, 0, default))
        {
            using (batch)
            {
                var pixels = batch.Examples.data<float>().ToArray().Chunk(4).Select(image => (Class: image[0], Example: image[1])).ToArray();
                Assert.AreEqual(18, pixels.Distinct().Count());
                Assert.AreEqual(6, pixels.Select(image => image.Class).Distinct().Count());
                Assert.IsTrue(pixels.Chunk(3).All(alike => alike.All(image => image.Class == alike[0].Class)));
            }
        }
    }

    [TestMethod]
    public void OrientationsMayBeClassesOfTheirOwn()
    {
        var variation = new ClassVariation(1, 0, 0) { IsOrientationClass = true };
        using var source = new ClassBatchSource(_pool, 100, 2, variation, Plain, 1, 1, CPU);
        using var batch = source.ReadEpoch(0, 0, default).Single();
        // Every class is met turned in every way: its number then stands in each of the four corners.
        var corners = batch.Examples.data<float>().ToArray().Chunk(4).Select(image => (Number: image.Max(), Corner: Array.IndexOf(image, image.Max()))).ToArray();
        Assert.AreEqual(80, corners.Length);
        Assert.AreEqual(40, corners.Chunk(2).Select(pair => pair[0]).Distinct().Count());
    }

    [TestMethod]
    public void OrientationsFollowFromTheProbabilities()
    {
        var images = ExampleShape.Images(1, 8);
        CollectionAssert.AreEqual(new byte[] { 0 }, ClassVariation.None.Orientations(images));
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 3 }, new ClassVariation(0.5, 0, 1).Orientations(images));
        CollectionAssert.AreEqual(new byte[] { 4, 5, 6, 7 }, new ClassVariation(1, 1, 0).Orientations(images));
        CollectionAssert.AreEqual(new byte[] { 0, 4 }, new ClassVariation(0, 0.5, 0).Orientations(images));
        CollectionAssert.AreEqual(new byte[] { 0 }, new ClassVariation(1, 1, 0).Orientations(ExampleShape.Vectors(3)));
    }

    [TestMethod]
    public void AnEpochGoesOnWhereItWasLeft()
    {
        using var source = new ClassBatchSource(_pool, 6, 2, new ClassVariation(0.5, 0, 0.5), Plain, 5, 1, CPU);
        var whole = Read(source.ReadEpoch(3, 0, default), batch => batch.Examples);
        var rest = Read(source.ReadEpoch(3, 2, default), batch => batch.Examples);
        Assert.AreEqual(5, whole.Length);
        CollectionAssert.AreEqual(whole[2..], rest);
        Assert.AreEqual(5, whole.Distinct().Count());

        using var tasks = new EpisodeSource(new EpisodeSampler(_pool, new EpisodeSettings { BatchSize = 2, Ways = 3, Queries = 2 }, 1), Plain, 4, CPU);
        CollectionAssert.AreEqual(Read(tasks.ReadEpoch(1, 0, default), batch => batch.Query)[1..], Read(tasks.ReadEpoch(1, 1, default), batch => batch.Query));
    }

    [TestMethod]
    public void TasksHaveTheShapesOfTheirPlan()
    {
        var settings = new EpisodeSettings { BatchSize = 2, Ways = 3, Shots = 1, Unlabeled = 1, Queries = 2, SlotRows = 5 };
        using var source = new EpisodeSource(new EpisodeSampler(_pool, settings, 1), Plain, 1, CPU);
        using var batch = source.ReadEpoch(0, 0, default).Single();
        CollectionAssert.AreEqual(new long[] { 2, 6, 1, 2, 2 }, batch.Support.shape);
        CollectionAssert.AreEqual(new long[] { 2, 6, 3 }, batch.Candidates.shape);
        CollectionAssert.AreEqual(new long[] { 2, 6, 1, 2, 2 }, batch.Query.shape);
        CollectionAssert.AreEqual(new long[] { 0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2 }, batch.QueryLabels.data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 2, 3 }, batch.SlotRows!.shape);
        Assert.AreEqual(batch.Support[1, 2, 0, 0, 0].item<float>(), batch.Query[1, 4, 0, 0, 0].item<float>());
    }

    [TestMethod]
    public void DisposedBatchesLeaveNoTensor() => TensorLedger.Leaves(0, () =>
    {
        using var classes = new ClassBatchSource(_pool, 6, 2, ClassVariation.None, Plain, 3, 1, CPU);
        using var tasks = new EpisodeSource(new EpisodeSampler(_pool, new EpisodeSettings { BatchSize = 2, Ways = 3, Queries = 2, SlotRows = 4 }, 1), Plain, 3, CPU);
        Read(classes.ReadEpoch(0, 0, default), batch => batch.Examples);
        Read(tasks.ReadEpoch(0, 0, default), batch => batch.Query);
    });

    [TestMethod]
    public void OneClassIsTooFew()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new ClassBatchSource(NumberedPool.Images(1, 4), 6, 2, ClassVariation.None, Plain, 3, 1, CPU));
        Assert.AreEqual("Training needs 2 classes with at least 2 images; the data has 1 such classes.", error.Message);
    }

    private static string[] Read<T>(IEnumerable<T> batches, Func<T, Tensor> of)
        where T : IDisposable
    {
        var read = new List<string>();
        foreach (var batch in batches)
        {
            using (batch)
            {
                read.Add(string.Join(' ', of(batch).data<float>().ToArray()));
            }
        }

        return [.. read];
    }
}
