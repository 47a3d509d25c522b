using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.VisionCore.Tests.Scoring;

[TestClass]
public class ScoreColumnsTests
{
    private static readonly ScoreColumns Columns = new("Score", "PredictedLabel");

    private readonly MLContext _context = new();

    [TestMethod]
    public void TextLabelsNameTheSlotsAndTheKeys()
    {
        var schema = Scored(Keyed(["b", "a", "c"]));
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Score"].GetSlotNames(ref names);
        Assert.AreEqual("b,a,c", string.Join(',', names.DenseValues()));
        schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.AreEqual("b,a,c", string.Join(',', names.DenseValues()));
        schema["Score"].Annotations.GetValue("TrainingLabelValues", ref names);
        Assert.AreEqual("b,a,c", string.Join(',', names.DenseValues()));
    }

    [TestMethod]
    public void NumberLabelsNameTheKeysButNotTheSlots()
    {
        var schema = Scored(Keyed([30, 10, 20]));
        Assert.IsFalse(schema["Score"].HasSlotNames());
        VBuffer<int> values = default;
        schema["PredictedLabel"].GetKeyValues(ref values);
        CollectionAssert.AreEqual(new[] { 30, 10, 20 }, values.DenseValues().ToArray());
    }

    [TestMethod]
    public void EvaluatorsFindTheScoreColumn()
    {
        var schema = Scored(Keyed(["x", "y"]));
        ReadOnlyMemory<char> text = default;
        schema["Score"].Annotations.GetValue("ScoreColumnKind", ref text);
        Assert.AreEqual("MulticlassClassification", $"{text}");
        schema["Score"].Annotations.GetValue("ScoreValueKind", ref text);
        Assert.AreEqual("Score", $"{text}");
        schema["PredictedLabel"].Annotations.GetValue("ScoreValueKind", ref text);
        Assert.AreEqual("PredictedLabel", $"{text}");
        Assert.AreEqual(1u, SetId(schema));
        Assert.AreEqual(2u, SetId(Columns.AddTo(schema, new ClassLabels(2))));
    }

    [TestMethod]
    [DataRow("text")]
    [DataRow("number")]
    [DataRow("none")]
    public void WhatIsPromisedIsDelivered(string values)
    {
        var input = values switch
        {
            "text" => Keyed(["b", "a", "c"]).Schema,
            "number" => Keyed([30, 10, 20]).Schema,
            _ => _context.Data.LoadFromEnumerable(Array.Empty<PlainKey>()).Schema,
        };
        var (label, labels) = ClassLabels.Bind(input, "Label", "label");
        var inputShape = SchemaShapes.Of(input);
        var promised = Columns.AddTo(inputShape, inputShape.Single(column => column.Name == label.Name));
        var delivered = SchemaShapes.Of(Columns.AddTo(input, labels));
        Assert.AreEqual(Describe(delivered), Describe(promised));
    }

    [TestMethod]
    public void KeyValuesSurviveAsText()
    {
        foreach (var labels in new[] { Labels(Keyed(["b", "", "ü \"c\""])), Labels(Keyed([30, -10, int.MaxValue])), Labels(Keyed([0.1, double.Epsilon, 1e300])), Labels(Keyed([true, false])) })
        {
            var again = KeyValueCodec.Parse(KeyValueCodec.NameOf(labels.ValueType!), labels.ToText()!);
            Assert.AreEqual(labels.ValueType, again.ValueType);
            Assert.AreEqual(labels.Count, again.Count);
            CollectionAssert.AreEqual(labels.ToText(), again.ToText());
        }
    }

    [TestMethod]
    [DataRow("Nowhere", "The label column 'Nowhere' was not found. Expected Key<UInt32>.")]
    [DataRow("Number", "Schema mismatch for label column 'Number': expected Key<UInt32>, got Int32.")]
    [DataRow("OneClass", "The label column 'OneClass' has a key type of 1 class; expected 2 to 65536.")]
    [DataRow("Countless", "The label column 'Countless' has a key type of 4294967295 classes")]
    public void ColumnsThatAreNoLabelsAreRefusedByName(string name, string message)
    {
        var schema = _context.Data.LoadFromEnumerable(Array.Empty<PlainKey>()).Schema;
        Assert.StartsWith(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ClassLabels.Bind(schema, name, "label")).Message);
    }

    private IDataView Keyed<T>(IEnumerable<T> values)
    {
        var data = _context.Data.LoadFromEnumerable(values.Select(value => new Value<T> { Label = value }));
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private static ClassLabels Labels(IDataView data) => ClassLabels.Bind(data.Schema, "Label", "label").Labels;

    private static DataViewSchema Scored(IDataView data) => Columns.AddTo(data.Schema, Labels(data));

    private static uint SetId(DataViewSchema schema)
    {
        uint id = 0;
        schema["Score"].Annotations.GetValue("ScoreColumnSetId", ref id);
        return id;
    }

    private static string Describe(SchemaShape shape) => string.Join("; ", shape.OrderBy(column => column.Name).Select(column =>
        $"{column.Name}: {column.Kind} {column.ItemType} {column.IsKey} ({Describe(column.Annotations)})"));

    private sealed class Value<T>
    {
        public required T Label { get; set; }
    }

    private sealed class PlainKey
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public int Number { get; set; }

        [KeyType(1)]
        public uint OneClass { get; set; }

        [KeyType(uint.MaxValue)]
        public uint Countless { get; set; }
    }
}
