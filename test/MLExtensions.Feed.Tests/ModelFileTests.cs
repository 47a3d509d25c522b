using Microsoft.ML;
using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace MLExtensions.Feed.Tests;

/// <summary>Saving and loading models with and without the schema of their input.</summary>
[TestClass]
public sealed class ModelFileTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void AChainComesBackFromItsFile()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        _context.Model.Save(model, Data().Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out var schema);

        CollectionAssert.AreEqual(new[] { 1f, 2f }, loaded.Transform(Data()).GetColumn<float>("C").ToArray());
        Assert.IsInstanceOfType<TransformerChain<ITransformer>>(loaded);
        Assert.AreEqual("Vector<Single, 2> {SlotNames}", schema["V"].ToString()["V: ".Length..]);
    }

    [TestMethod]
    public void ASingleTransformerComesBackAsItself()
    {
        using var stream = new MemoryStream();
        var single = _context.Transforms.CopyColumns("B", "A").Fit(Data());
        _context.Model.Save(single, null, stream);
        stream.Position = 0;
        var loaded = _context.Model.Load(stream, out var schema);
        Assert.AreEqual(single.GetType(), loaded.GetType());
        Assert.IsNull(schema);
    }

    [TestMethod]
    public void TheInputSchemaKeepsTypesAndAnnotations()
    {
        using var stream = new MemoryStream();
        _context.Model.Save(Model(), Data().Schema, stream);
        stream.Position = 0;
        _context.Model.Load(stream, out var schema);

        Assert.AreEqual(Data().Schema.Count, schema.Count);
        for (var i = 0; i < schema.Count; i++)
        {
            Assert.AreEqual(Data().Schema[i].ToString(), schema[i].ToString());
            Assert.IsTrue(Data().Schema[i].Type.Equals(schema[i].Type));
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["V"].GetSlotNames(ref names);
        Assert.AreEqual("y", names.GetItemOrDefault(1).ToString());
    }

    [TestMethod]
    public void TheStreamStaysOpenAfterSavingAndLoading()
    {
        using var stream = new MemoryStream();
        _context.Model.Save(Model(), null, stream);
        Assert.IsTrue(stream.CanWrite);
        stream.Position = 0;
        _context.Model.Load(stream, out _);
        Assert.IsTrue(stream.CanRead);
    }

    [TestMethod]
    public void AFileIsReplaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["model.zip"], new byte[100_000]);
        _context.Model.Save(Model(), null, folder["model.zip"]);
        Assert.IsTrue(new FileInfo(folder["model.zip"]).Length < 100_000);
        _context.Model.Load(folder["model.zip"], out _);
    }

    [TestMethod]
    public void WhatIsNoModelIsRefused()
    {
        Assert.ThrowsExactly<FormatException>(() => _context.Model.Load(new MemoryStream(new byte[1000]), out _));
        Assert.ThrowsExactly<FileNotFoundException>(() => _context.Model.Load(Path.Combine(AppContext.BaseDirectory, "no model.zip"), out _));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Model.Load("", out _));
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Model.Load((Stream)null!, out _));
    }

    [TestMethod]
    public void ATransformerThatSavesNothingIsRefused()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _context.Model.Save(new Silent(), null, new MemoryStream()));
        StringAssert.Contains(error.Message, "ModelSignature not specified!");
    }

    [TestMethod]
    public void AModelThatWasCutShortIsRefused()
    {
        using var stream = new MemoryStream();
        _context.Model.Save(Model(), null, stream);
        Assert.ThrowsExactly<FormatException>(() => _context.Model.Load(new MemoryStream(stream.ToArray()[..200]), out _));
    }

    private ITransformer Model() => _context.Transforms.CopyColumns("B", "A").Append(_context.Transforms.CopyColumns("C", "B")).Fit(Data());

    private IDataView Data()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["V"].AddAnnotation("SlotNames", new[] { "x", "y" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        return _context.Data.LoadFromEnumerable(new[] { new Row { A = 1 }, new Row { A = 2 } }, definition);
    }

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] V { get; set; } = [1, 2];

        [KeyType(4)]
        public uint Key { get; set; }

        public string Text { get; set; } = "";

        public byte[] Bytes { get; set; } = [];
    }

    private sealed class Silent : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx)
        {
        }

        public IDataView Transform(IDataView input) => input;
    }
}
