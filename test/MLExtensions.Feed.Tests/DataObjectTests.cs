using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

/// <summary>Data views over objects, and objects from data views.</summary>
[TestClass]
public sealed class DataObjectTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void MembersBecomeColumnsOfTheirTypes()
    {
        var schema = _context.Data.LoadFromEnumerable(new[] { new Everything() }).Schema;

        Assert.AreEqual("Vector<Byte>", schema["Bytes"].Type.ToString());
        Assert.AreEqual("Vector<Single, 2>", schema["Pair"].Type.ToString());
        Assert.AreEqual("Vector<Single, 2, 2>", schema["Square"].Type.ToString());
        Assert.AreEqual("Key<UInt32, 0-2>", schema["Class"].Type.ToString());
        Assert.AreEqual("String", schema["Renamed"].Type.ToString());
        Assert.AreEqual("Vector<String>", schema["Words"].Type.ToString());
        Assert.AreEqual("Vector<Int32>", schema["Buffer"].Type.ToString());
        Assert.AreEqual("Boolean", schema["Flag"].Type.ToString());
        Assert.AreEqual("Double", schema["Readable"].Type.ToString());
        Assert.IsNull(schema.GetColumnOrNull("Text"));
        Assert.IsNull(schema.GetColumnOrNull("Ignored"));
        Assert.IsNull(schema.GetColumnOrNull("Hidden"));
        Assert.IsNull(schema.GetColumnOrNull("Shared"));
        Assert.AreEqual(9, schema.Count);
    }

    [TestMethod]
    public void ObjectsComeBackAsTheyWent()
    {
        var source = new Everything { Bytes = [1, 2, 3], Pair = [1f, 2f], Square = [1, 2, 3, 4], Class = 1, Text = "word", Words = ["a", "b"], Buffer = new(4, 1, [9], [2]), Flag = true };
        var data = _context.Data.LoadFromEnumerable(new[] { source });
        var back = _context.Data.CreateEnumerable<Everything>(data, reuseRowObject: false).Single();

        CollectionAssert.AreEqual(source.Bytes, back.Bytes);
        CollectionAssert.AreEqual(source.Pair, back.Pair);
        CollectionAssert.AreEqual(source.Square, back.Square);
        Assert.AreEqual("word", back.Text);
        CollectionAssert.AreEqual(source.Words, back.Words);
        Assert.IsFalse(back.Buffer.IsDense);
        Assert.AreEqual(9, back.Buffer.GetItemOrDefault(2));
        Assert.IsTrue(back.Flag);
    }

    [TestMethod]
    public void KeysCountFromZeroInObjectsAndFromOneInColumns()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Everything { Class = 0 }, new Everything { Class = 2 }, new Everything { Class = 3 } });
        CollectionAssert.AreEqual(new uint[] { 1, 3, 0 }, data.GetColumn<uint>("Class").ToArray());
    }

    [TestMethod]
    public void MissingTextAndVectorsAreEmpty()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Everything { Text = null!, Words = null!, Bytes = null! } });
        Assert.AreEqual("", data.GetColumn<string>("Renamed").Single());
        Assert.AreEqual(0, data.GetColumn<string[]>("Words").Single().Length);
        Assert.AreEqual(0, data.GetColumn<byte[]>("Bytes").Single().Length);
    }

    [TestMethod]
    public void OnlyActiveColumnsAreRead()
    {
        var row = new Counting();
        var data = _context.Data.LoadFromEnumerable(new[] { row });
        Assert.AreEqual(1, data.GetColumn<int>("Wanted").Single());
        Assert.AreEqual(0, row.Reads);

        using var cursor = data.GetRowCursor([data.Schema["Wanted"]]);
        Assert.IsTrue(cursor.IsColumnActive(data.Schema["Wanted"]));
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["Costly"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<int>(data.Schema["Costly"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(data.Schema["Wanted"]));
    }

    [TestMethod]
    public void ACursorStandsBeforeTheFirstRowAndAfterTheLast()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Numbered { Id = 10 }, new Numbered { Id = 20 } });
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, cursor.Position);
        Assert.AreEqual(0, cursor.Batch);
        Assert.IsTrue(cursor.MoveNext());
        DataViewRowId id = default;
        cursor.GetIdGetter()(ref id);
        Assert.AreEqual(new DataViewRowId(1, 0), id);
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void TheRowCountIsThatOfACollection()
    {
        Assert.AreEqual(2, _context.Data.LoadFromEnumerable(new List<Numbered> { new(), new() }).GetRowCount());
        Assert.IsNull(_context.Data.LoadFromEnumerable(Enumerable.Range(0, 2).Where(_ => true).Select(_ => new Numbered())).GetRowCount());
        Assert.IsFalse(_context.Data.LoadFromEnumerable(new List<Numbered>()).CanShuffle);
    }

    [TestMethod]
    public void ANullObjectIsAnError()
    {
        var data = _context.Data.LoadFromEnumerable(new Numbered[] { null! });
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void ClassesThatAreNoTableAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(new[] { new { Value = new object() } }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(new[] { new TwoOfAName() }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(new[] { new KeyOfFloat() }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(new[] { new VectorOfOne() }));
    }

    [TestMethod]
    public void ADefinitionChangesNamesTypesAndAnnotations()
    {
        var definition = SchemaDefinition.Create(typeof(Vectors));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        definition["Values"].AddAnnotation("SlotNames", new[] { "x", "y", "z" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        definition["Values"].ColumnName = "Features";
        var data = _context.Data.LoadFromEnumerable(new[] { new Vectors { Values = [1, 2, 3] } }, definition);

        Assert.AreEqual("Features: Vector<Single, 3> {SlotNames}", data.Schema[0].ToString());
        Assert.IsTrue(data.Schema[0].HasSlotNames());
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema[0].GetSlotNames(ref names);
        Assert.AreEqual("y", names.GetItemOrDefault(1).ToString());

        definition["Features"].ColumnType = NumberDataViewType.Single;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(new[] { new Vectors() }, definition));
    }

    [TestMethod]
    public void ASchemaGivesTypesToObjects()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Values", new VectorDataViewType(NumberDataViewType.Single, 2));
        var data = _context.Data.LoadFromEnumerable(new[] { new Vectors { Values = [1, 2] } }, builder.ToSchema());
        Assert.AreEqual("Vector<Single, 2>", data.Schema["Values"].Type.ToString());

        builder.AddColumn("Other", NumberDataViewType.Single);
        Assert.ThrowsExactly<InvalidOperationException>(() => _context.Data.LoadFromEnumerable(new[] { new Vectors() }, builder.ToSchema()));
    }

    [TestMethod]
    public void ARowObjectIsUsedAgainOnRequest()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Numbered { Id = 1 }, new Numbered { Id = 2 } });
        Assert.AreEqual(1, _context.Data.CreateEnumerable<Numbered>(data, reuseRowObject: true).Distinct().Count());
        CollectionAssert.AreEqual(new[] { 1, 2 }, _context.Data.CreateEnumerable<Numbered>(data, reuseRowObject: false).ToArray().Select(row => row.Id).ToArray());
    }

    [TestMethod]
    public void VectorsOfDifferentObjectsAreDifferent()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Vectors { Values = [1] }, new Vectors { Values = [2] } });
        var rows = _context.Data.CreateEnumerable<Vectors>(data, reuseRowObject: false).ToArray();
        CollectionAssert.AreEqual(new[] { 1f }, rows[0].Values);
        CollectionAssert.AreEqual(new[] { 2f }, rows[1].Values);
    }

    [TestMethod]
    public void MembersWithoutAColumnAreAnErrorUnlessIgnored()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Numbered { Id = 3 } });
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.CreateEnumerable<NumberedAndNamed>(data, false).Count());
        StringAssert.Contains(error.Message, "Could not find  column 'Name'");
        var row = _context.Data.CreateEnumerable<NumberedAndNamed>(data, false, ignoreMissingColumns: true).Single();
        Assert.AreEqual(3, row.Id);
        Assert.AreEqual("unnamed", row.Name);
    }

    [TestMethod]
    public void AColumnOfAnotherTypeIsAnError()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new { Id = 3f } });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _context.Data.CreateEnumerable<Numbered>(data, false).Count());
        StringAssert.Contains(error.Message, "'Id'");
    }

    [TestMethod]
    public void ColumnsAreReadAsRawValuesTextOrArrays()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Everything { Text = "t", Words = ["u", "v"], Pair = [1, 2] } });
        Assert.AreEqual("t", data.GetColumn<string>("Renamed").Single());
        Assert.AreEqual("t", data.GetColumn<ReadOnlyMemory<char>>(data.Schema["Renamed"]).Single().ToString());
        CollectionAssert.AreEqual(new[] { "u", "v" }, data.GetColumn<string[]>("Words").Single());
        CollectionAssert.AreEqual(new[] { 1f, 2f }, data.GetColumn<float[]>("Pair").Single());
        Assert.AreEqual(2, data.GetColumn<VBuffer<float>>("Pair").Single().Length);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<int>("Pair"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<int[]>("Renamed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<int>("Nothing"));
    }

    [TestMethod]
    public void APreviewShowsTheFirstRows()
    {
        var preview = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Numbered { Id = i })).Preview(maxRows: 3);
        Assert.AreEqual(3, preview.RowView.Length);
        Assert.AreEqual("Id", preview.RowView[2].Values[0].Key);
        Assert.AreEqual(2, preview.RowView[2].Values[0].Value);
        CollectionAssert.AreEqual(new object[] { 0, 1, 2 }, preview.ColumnView[0].Values);
        Assert.AreEqual("1 columns, 3 rows", preview.ToString());
    }

    private sealed class Everything
    {
        public const int Shared = 1;

        public byte[] Bytes { get; set; } = [];

        [VectorType(2)]
        public float[] Pair { get; set; } = [0, 0];

        [VectorType(2, 2)]
        public float[] Square { get; set; } = [0, 0, 0, 0];

        [KeyType(3)]
        public uint Class { get; set; }

        [ColumnName("Renamed")]
        public string Text { get; set; } = "";

        public string[] Words { get; set; } = [];

        public VBuffer<int> Buffer { get; set; }

        public bool Flag { get; set; }

        public double Readable => 0.5;

        [NoColumn]
        public object Ignored { get; set; } = new();

        internal int Hidden { get; set; }
    }

    private sealed class Counting
    {
        [NoColumn]
        public int Reads { get; private set; }

        public int Wanted => 1;

        public int Costly => ++Reads;
    }

    private sealed class Numbered
    {
        public int Id { get; set; }
    }

    private sealed class NumberedAndNamed
    {
        public int Id { get; set; }

        public string Name { get; set; } = "unnamed";
    }

    private sealed class Vectors
    {
        public float[] Values { get; set; } = [];
    }

    private sealed class TwoOfAName
    {
        public int A { get; set; }

        [ColumnName("A")]
        public int B { get; set; }
    }

    private sealed class KeyOfFloat
    {
        [KeyType(3)]
        public float A { get; set; }
    }

    private sealed class VectorOfOne
    {
        [VectorType(3)]
        public float A { get; set; }
    }
}
