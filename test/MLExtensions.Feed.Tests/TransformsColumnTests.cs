using Microsoft.ML;
using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class TransformsColumnTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void CopiesHaveTheValuesTypeAndAnnotations()
    {
        var data = Rows();
        var copied = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_ml.Transforms.CopyColumns("Copy", "Key")).Fit(data).Transform(data);
        Assert.AreEqual(copied.Schema["Key"].Type, copied.Schema["Copy"].Type);
        CollectionAssert.AreEqual(new uint[] { 1, 2 }, copied.GetColumn<uint>("Copy").ToArray());
        VBuffer<ReadOnlyMemory<char>> values = default;
        copied.Schema["Copy"].GetKeyValues(ref values);
        CollectionAssert.AreEqual(new[] { "a", "b" }, values.DenseValues().Select(value => value.ToString()).ToArray());
    }

    [TestMethod]
    public void ScalarsAndVectorsAreConcatenatedInOrder()
    {
        var data = Rows();
        var joined = _ml.Transforms.Concatenate("All", "X", "Vector", "Y").Fit(data).Transform(data);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4), joined.Schema["All"].Type);
        var rows = joined.GetColumn<float[]>("All").ToArray();
        CollectionAssert.AreEqual(new float[] { 1, 10, 20, 2 }, rows[0]);
        CollectionAssert.AreEqual(new float[] { 3, 30, 0, 4 }, rows[1]);
        VBuffer<ReadOnlyMemory<char>> names = default;
        joined.Schema["All"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "X", "", "", "Y" }, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void SlotsOfNamedVectorsAreNamedAfterBoth()
    {
        var data = Rows();
        var chain = _ml.Transforms.Concatenate("Pair", "X", "Y").Append(_ml.Transforms.Concatenate("All", "Pair", "X"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        chain.Fit(data).Transform(data).Schema["All"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "Pair.X", "Pair.Y", "X" }, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void ColumnsOfDifferentTypesAreNotConcatenated()
    {
        var data = Rows();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All", "X", "Name").Fit(data).Transform(data));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.Concatenate("All", "X", "Name").GetOutputSchema(ShapeOf.Data(data)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All", "X", "None").Fit(data).Transform(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("Copy", "None").Fit(data));
    }

    [TestMethod]
    public void SavedColumnStepsDoTheSame()
    {
        var data = Rows();
        var model = _ml.Transforms.CopyColumns("Copy", "X").Append(_ml.Transforms.Concatenate("All", "Copy", "Vector")).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);
        CollectionAssert.AreEqual(new float[] { 1, 10, 20 }, loaded.Transform(data).GetColumn<float[]>("All").First());
    }

    private IDataView Rows() => _ml.Data.LoadFromEnumerable(
    [
        new Row { Name = "a", X = 1, Y = 2, Vector = [10, 20] },
        new Row { Name = "b", X = 3, Y = 4, Vector = [30, 0] },
    ]);

    private sealed class Row
    {
        public string Name { get; set; } = "";

        public float X { get; set; }

        public float Y { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }
}
