using Microsoft.ML.Data;
using Microsoft.ML.FewShot.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Data;

[TestClass]
public sealed class ExamplePoolTests
{
    private static readonly string[] Names = ["a/x", "a/y", "z"];

    [TestMethod]
    public void TheGroupOfAClassIsItsNameBeforeTheLastSlash()
    {
        Assert.AreEqual("Latin/upper", PoolClass.GroupOf("Latin/upper/A"));
        Assert.IsNull(PoolClass.GroupOf("A"));
        Assert.IsNull(PoolClass.GroupOf("/A"));
    }

    [TestMethod]
    public void ClassesWithoutExamplesAreLeftOut()
    {
        var builder = new ExamplePoolBuilder(ExampleShape.Vectors(2), Names);
        builder.Add(0, [1f, 2f]);
        builder.Add(2, [3f, 4f]);
        builder.Add(0, [5f, 6f]);
        var pool = builder.Build();
        CollectionAssert.AreEqual(new[] { "a/x", "z" }, pool.Classes.Select(one => one.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 5f, 6f }, pool.Vector(pool.Classes[0].Examples[1]).ToArray());
        Assert.AreEqual(3, pool.Count);
    }

    [TestMethod]
    public void ASplitSharesOutAllClassesAndIsFixedByItsSeed()
    {
        var pool = NumberedPool.Images(20, 2);
        var (training, validation) = pool.SplitClasses(0.25, 3);
        Assert.AreEqual(5, validation.Classes.Count);
        CollectionAssert.AreEquivalent(pool.Classes.ToArray(), training.Classes.Concat(validation.Classes).ToArray());
        CollectionAssert.AreEqual(validation.Classes.ToArray(), pool.SplitClasses(0.25, 3).Validation.Classes.ToArray());
        CollectionAssert.AreNotEqual(validation.Classes.ToArray(), pool.SplitClasses(0.25, 4).Validation.Classes.ToArray());
    }

    [TestMethod]
    public void ScaleIsMeanAndDeviationOfEveryColorOrNumber()
    {
        var builder = new ExamplePoolBuilder(ExampleShape.Images(3, 1), Names);
        builder.Add(0, (ReadOnlySpan<byte>)[10, 7, 0]);
        builder.Add(1, (ReadOnlySpan<byte>)[20, 7, 200]);
        var scale = ExampleScale.Measure(builder.Build());
        CollectionAssert.AreEqual(new[] { 15f, 7f, 100f }, scale.Mean);
        CollectionAssert.AreEqual(new[] { 5f, 1f, 100f }, scale.Deviation);

        builder = new ExamplePoolBuilder(ExampleShape.Vectors(2), Names);
        builder.Add(0, [1f, -4f]);
        builder.Add(1, [3f, -4f]);
        scale = ExampleScale.Measure(builder.Build());
        CollectionAssert.AreEqual(new[] { 2f, -4f }, scale.Mean);
        CollectionAssert.AreEqual(new[] { 1f, 1f }, scale.Deviation);
    }

    [TestMethod]
    public void ImagesBecomeNormalisedNumbersAndVectorsStayAsTheyAre()
    {
        using var scope = NewDisposeScope();
        var images = NumberedPool.Images(3, 2);
        var writer = new ExampleWriter(images, 2);
        writer.Write(0, new ExampleDraw(images.Classes[2].Examples[1], 0));
        writer.Write(1, new ExampleDraw(images.Classes[1].Examples[0], 0));
        var numbers = ExampleScale.ToTensor(writer, images.Shape, new VisionCore.Images.ImageNormalization([100], [2]), CPU);
        CollectionAssert.AreEqual(new long[] { 2, 1, 2, 2 }, numbers.shape);
        CollectionAssert.AreEqual(new[] { 1, -49.5f, -50, -50, 0.5f, -50, -50, -50 }, numbers.data<float>().ToArray());

        var vectors = NumberedPool.Vectors(2, 1, 3, 0, 1);
        writer = new ExampleWriter(vectors, 1);
        writer.Write(0, new ExampleDraw(1, 0));
        CollectionAssert.AreEqual(vectors.Vector(1).ToArray(), ExampleScale.ToTensor(writer, vectors.Shape, ExampleScale.Measure(vectors), CPU).data<float>().ToArray());
    }

    [TestMethod]
    public void VectorsAreReadByLabelAndBadRowsAreCounted()
    {
        var context = new MLContext(1);
        var rows = new[] { new Row("b", [1, 2]), new Row("a", [3, 4]), new Row("", [5, 6]), new Row("a", [7, float.NaN]), new Row("b", [8, 9]) };
        var data = context.Transforms.Conversion.MapValueToKey("Label").Fit(context.Data.LoadFromEnumerable(rows))
            .Transform(context.Data.LoadFromEnumerable(rows));
        var (pool, skipped) = ExamplePools.OfVectors(data, data.Schema["Features"], data.Schema["Label"], ["b", "a"], default);
        Assert.AreEqual(2, skipped);
        CollectionAssert.AreEqual(new[] { 2, 1 }, pool.Classes.Select(one => one.Examples.Length).ToArray());
        CollectionAssert.AreEqual(new[] { 8f, 9f }, pool.Vector(pool.Classes[0].Examples[1]).ToArray());
    }

    private sealed record Row(string Label, [property: VectorType(2)] float[] Features);
}
