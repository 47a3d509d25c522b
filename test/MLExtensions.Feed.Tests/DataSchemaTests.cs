using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

/// <summary>Schemas, annotations and column types.</summary>
[TestClass]
public sealed class DataSchemaTests
{
    [TestMethod]
    public void TheLastColumnOfANameHidesTheOthers()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Double);
        var schema = builder.ToSchema();

        Assert.AreEqual(3, schema.Count);
        Assert.AreEqual(2, schema["A"].Index);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.IsFalse(schema[2].IsHidden);
        Assert.AreEqual("3 columns", schema.ToString());
        Assert.AreEqual("A: Double", schema["A"].ToString());
    }

    [TestMethod]
    public void AnUnknownColumnIsNamedInTheError()
    {
        var schema = new DataViewSchema.Builder().ToSchema();
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["Missing"]);
        StringAssert.Contains(error.Message, "Missing");
        Assert.IsNull(schema.GetColumnOrNull("Missing"));
        Assert.ThrowsExactly<ArgumentNullException>(() => schema.GetColumnOrNull(""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[0]);
    }

    [TestMethod]
    public void AnnotationsKeepTheirValuesAndTypes()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Kind", NumberDataViewType.Int32, 7);
        annotations.Add("Names", new VectorDataViewType(TextDataViewType.Instance, 2), Names("left", "right"));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("A", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        var column = schema.ToSchema()["A"];

        var number = 0;
        column.Annotations.GetValue("Kind", ref number);
        Assert.AreEqual(7, number);
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue("Names", ref names);
        CollectionAssert.AreEqual(new[] { "left", "right" }, names.DenseValues().Select(name => name.ToString()).ToArray());
        Assert.AreEqual("A: Vector<Single, 2> {Kind, Names}", column.ToString());
        Assert.AreEqual("Kind, Names", column.Annotations.ToString());
        Assert.AreEqual(0, DataViewSchema.Annotations.Empty.Schema.Count);
    }

    [TestMethod]
    public void AnnotationsRefuseWrongKindsAndTypes()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Kind", NumberDataViewType.Int32, 7);
        var annotations = builder.ToAnnotations();

        var text = default(ReadOnlyMemory<char>);
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Kind", ref text));
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Other", ref text));
        Assert.ThrowsExactly<ArgumentException>(() => builder.AddPrimitiveValue("X", NumberDataViewType.Int32, 1f));
        Assert.ThrowsExactly<ArgumentException>(() => builder.Add("X", NumberDataViewType.Int32, (ref float value) => value = 1));
        Assert.ThrowsExactly<TargetInvocationException>(() => builder.Add("X", NumberDataViewType.Int32, new Action(() => { })));
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddPrimitiveValue("", NumberDataViewType.Int32, 1));
    }

    [TestMethod]
    public void AnnotationsCanBeCopiedBySelector()
    {
        var source = new DataViewSchema.Annotations.Builder();
        source.AddPrimitiveValue("Keep", NumberDataViewType.Int32, 1);
        source.AddPrimitiveValue("Drop", NumberDataViewType.Int32, 2);
        var copy = new DataViewSchema.Annotations.Builder();
        copy.Add(source.ToAnnotations(), kind => kind == "Keep");
        copy.Add(null, _ => true);

        Assert.AreEqual("Keep", copy.ToAnnotations().ToString());
    }

    [TestMethod]
    public void TypesDescribeThemselves()
    {
        Assert.AreEqual("Single", NumberDataViewType.Single.ToString());
        Assert.AreEqual("String", TextDataViewType.Instance.ToString());
        Assert.AreEqual("Boolean", BooleanDataViewType.Instance.ToString());
        Assert.AreEqual("Key<UInt32, 0-4>", new KeyDataViewType(typeof(uint), 5).ToString());
        Assert.AreEqual("Vector<Byte>", new VectorDataViewType(NumberDataViewType.Byte).ToString());
        Assert.AreEqual("Vector<Single, 3>", new VectorDataViewType(NumberDataViewType.Single, 3).ToString());
        Assert.AreEqual("Vector<Single, 2, *>", new VectorDataViewType(NumberDataViewType.Single, 2, 0).ToString());
    }

    [TestMethod]
    public void TypesAreEqualWhereAllTheirPartsAre()
    {
        Assert.IsTrue(new KeyDataViewType(typeof(uint), 5).Equals(new KeyDataViewType(typeof(uint), 5UL)));
        Assert.IsFalse(new KeyDataViewType(typeof(uint), 5).Equals(new KeyDataViewType(typeof(byte), 5)));
        Assert.IsFalse(new KeyDataViewType(typeof(uint), 5).Equals(new KeyDataViewType(typeof(uint), 6)));
        var matrix = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        Assert.IsTrue(matrix.Equals(new VectorDataViewType(NumberDataViewType.Single, 2, 3)));
        Assert.AreEqual(matrix.GetHashCode(), new VectorDataViewType(NumberDataViewType.Single, 2, 3).GetHashCode());
        Assert.IsFalse(matrix.Equals(new VectorDataViewType(NumberDataViewType.Single, 6)));
        Assert.IsFalse(matrix.Equals(new VectorDataViewType(NumberDataViewType.Double, 2, 3)));
        Assert.AreEqual(6, matrix.Size);
        Assert.IsTrue(matrix.IsKnownSize);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single, 2, 0).IsKnownSize);
        Assert.AreEqual(typeof(VBuffer<float>), matrix.RawType);
        Assert.AreEqual(typeof(ReadOnlyMemory<char>), TextDataViewType.Instance.RawType);
    }

    [TestMethod]
    public void ImpossibleTypesAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(float), 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 300));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
        Assert.ThrowsExactly<ArgumentNullException>(() => new VectorDataViewType(null, 1));
    }

    [TestMethod]
    public void RowIdsAreOrderedByTheirHighHalfFirst()
    {
        var small = new DataViewRowId(9, 1);
        var large = new DataViewRowId(0, 2);
        Assert.IsTrue(small.CompareTo(large) < 0);
        Assert.IsTrue(small.Equals(new DataViewRowId(9, 1)));
        Assert.AreEqual("00000000000000010000000000000009", small.ToString());
    }

    internal static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Names(params string[] names)
        => (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(names.Length, names.Select(name => name.AsMemory()).ToArray());
}
