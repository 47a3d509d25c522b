using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLExtensions.Testing;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class TransformsKeyTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void KeysCountValuesInTheOrderOfTheData()
    {
        var data = Texts("pear", "apple", "", "pear", "fig");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", nameof(TextRow.Text)).Fit(data).Transform(data);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), keyed.Schema["Key"].Type);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 0, 1, 3 }, keyed.GetColumn<uint>("Key").ToArray());
        CollectionAssert.AreEqual(new[] { "pear", "apple", "fig" }, KeyValues<ReadOnlyMemory<char>>(keyed.Schema["Key"]));
        CollectionAssert.AreEqual(new[] { "KeyValues" }, keyed.Schema["Key"].Annotations.Schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void KeysByValueAreSortedByCodeUnits()
    {
        var data = Texts("b", "a", "Z", "á", "B");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Text", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "B", "Z", "a", "b", "á" }, KeyValues<ReadOnlyMemory<char>>(keyed.Schema["Text"]));
    }

    [TestMethod]
    public void ValuesNotSeenWhenFittingAreMissing()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Text").Fit(Texts("a", "b"));
        var keys = model.Transform(Texts("c", "b", "A")).GetColumn<uint>("Text");
        CollectionAssert.AreEqual(new uint[] { 0, 2, 0 }, keys.ToArray());
    }

    [TestMethod]
    public void NoMoreKeysThanAskedForAreMade()
    {
        var data = Texts("a", "b", "c", "a");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Text", maximumNumberOfKeys: 2).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 0, 1 }, keyed.GetColumn<uint>("Text").ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Text", maximumNumberOfKeys: 0).Fit(data));
    }

    [TestMethod]
    public void KeyDataGivesTheKeys()
    {
        var data = Texts("a", "b", "x");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Text", keyData: Texts("b", "c", "a")).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new uint[] { 3, 1, 0 }, keyed.GetColumn<uint>("Text").ToArray());
        Assert.AreEqual(3UL, ((KeyDataViewType)keyed.Schema["Text"].Type).Count);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Text", keyData: Numbers(1)).Fit(data));
    }

    [TestMethod]
    public void NumbersAreKeyedWithoutNaN()
    {
        var data = Numbers(3, float.NaN, 1.5f, 3);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Number", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new uint[] { 2, 0, 1, 2 }, keyed.GetColumn<uint>("Number").ToArray());
        CollectionAssert.AreEqual(new[] { "1.5", "3" }, KeyValues<float>(keyed.Schema["Number"]));
        var asText = _ml.Transforms.Conversion.MapValueToKey("Number", addKeyValueAnnotationsAsText: true).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "3", "1.5" }, KeyValues<ReadOnlyMemory<char>>(asText.Schema["Number"]));
    }

    [TestMethod]
    public void KeysOfKeysKeepTheirMeanings()
    {
        var data = Texts("a", "b", "c");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(data).Transform(data);
        var two = _ml.Data.SkipRows(keyed, 1);
        var again = _ml.Transforms.Conversion.MapValueToKey("Again", "Key").Fit(two).Transform(keyed);
        CollectionAssert.AreEqual(new uint[] { 0, 1, 2 }, again.GetColumn<uint>("Again").ToArray());
        CollectionAssert.AreEqual(new[] { "b", "c" }, KeyValues<ReadOnlyMemory<char>>(again.Schema["Again"]));
    }

    [TestMethod]
    public void AnEmptyVocabularyHasOneKeyAndNoMeanings()
    {
        var data = Texts("", "");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Text").Fit(data).Transform(data);
        Assert.AreEqual(1UL, ((KeyDataViewType)keyed.Schema["Text"].Type).Count);
        Assert.IsNull(keyed.Schema["Text"].Annotations.Schema.GetColumnOrNull("KeyValues"));
        CollectionAssert.AreEqual(new uint[] { 0, 0 }, keyed.GetColumn<uint>("Text").ToArray());
    }

    [TestMethod]
    public void KeysGoBackToValues()
    {
        var data = Texts("pear", "apple", "", "pear");
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "Key")).Fit(data);
        var values = model.Transform(data);
        Assert.AreEqual(TextDataViewType.Instance, values.Schema["Value"].Type);
        CollectionAssert.AreEqual(new[] { "pear", "apple", "", "pear" }, values.GetColumn<string>("Value").ToArray());
        var numbers = Numbers(2, float.NaN);
        var back = _ml.Transforms.Conversion.MapValueToKey("Number").Append(_ml.Transforms.Conversion.MapKeyToValue("Number")).Fit(numbers).Transform(numbers);
        CollectionAssert.AreEqual(new[] { 2, float.NaN }, back.GetColumn<float>("Number").ToArray());
    }

    [TestMethod]
    public void ColumnsThatCannotBeMappedAreRefused()
    {
        var data = Texts("a");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Key", "None").Fit(data));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.Conversion.MapKeyToValue("Text").Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapKeyToValue("Text").GetOutputSchema(ShapeOf.Data(data)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Key", "None").GetOutputSchema(ShapeOf.Data(data)));
    }

    [TestMethod]
    public void PromisedColumnsAreDelivered()
    {
        var data = Texts("a", "b");
        var chain = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "Key"));
        var promised = chain.GetOutputSchema(ShapeOf.Data(data)).ToDictionary(column => column.Name);
        var delivered = chain.Fit(data).Transform(data).Schema;
        Assert.HasCount(delivered.Count, promised);
        Assert.IsTrue(promised["Key"].IsKey);
        Assert.AreEqual(NumberDataViewType.UInt32, promised["Key"].ItemType);
        Assert.AreEqual(TextDataViewType.Instance, promised["Key"].Annotations.Single(column => column.Name == "KeyValues").ItemType);
        Assert.AreEqual(delivered["Value"].Type, promised["Value"].ItemType);
    }

    [TestMethod]
    public void SavedKeysAreTheSame()
    {
        var data = _ml.Data.LoadFromEnumerable([new MixedRow { Text = "é", Number = 7, Flag = true }, new MixedRow { Text = "z", Number = -1, Flag = false }]);
        var model = _ml.Transforms.Conversion.MapValueToKey("TextKey", "Text")
            .Append(_ml.Transforms.Conversion.MapValueToKey("NumberKey", "Number", addKeyValueAnnotationsAsText: true))
            .Append(_ml.Transforms.Conversion.MapValueToKey("FlagKey", "Flag"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "TextKey"))
            .Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out var schema);
        CollectionAssert.AreEqual(data.Schema.Select(column => column.Name).ToArray(), schema.Select(column => column.Name).ToArray());
        var result = loaded.Transform(data);
        CollectionAssert.AreEqual(new uint[] { 1, 2 }, result.GetColumn<uint>("TextKey").ToArray());
        CollectionAssert.AreEqual(new uint[] { 1, 2 }, result.GetColumn<uint>("FlagKey").ToArray());
        CollectionAssert.AreEqual(new[] { "é", "z" }, result.GetColumn<string>("Back").ToArray());
        CollectionAssert.AreEqual(new[] { "7", "-1" }, KeyValues<ReadOnlyMemory<char>>(result.Schema["NumberKey"]));
    }

    private static string[] KeyValues<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return values.DenseValues().Select(value => FormattableString.Invariant($"{value}")).ToArray();
    }

    private IDataView Texts(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new TextRow { Text = text }));

    private IDataView Numbers(params float[] numbers) => _ml.Data.LoadFromEnumerable(numbers.Select(number => new NumberRow { Number = number }));

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class NumberRow
    {
        public float Number { get; set; }
    }

    private sealed class MixedRow
    {
        public string Text { get; set; } = "";

        public int Number { get; set; }

        public bool Flag { get; set; }
    }
}
