using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

/// <summary>Chains of estimators and of transformers.</summary>
[TestClass]
public sealed class ModelChainTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void AChainIsFittedAndAppliedInOrder()
    {
        var estimator = _context.Transforms.CopyColumns("B", "A").Append(_context.Transforms.CopyColumns("C", "B"));
        var chain = estimator.Fit(Data());
        var output = chain.Transform(Data());

        CollectionAssert.AreEqual(new[] { "A", "B", "C" }, output.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2f }, output.GetColumn<float>("C").ToArray());
        Assert.AreEqual(2, chain.Count());
        Assert.AreSame(chain.Last(), chain.LastTransformer);
        Assert.AreEqual(output.Schema.Count, chain.GetOutputSchema(Data().Schema).Count);
    }

    [TestMethod]
    public void ShapesAreCheckedBeforeAnythingIsFitted()
    {
        var fitted = 0;
        var first = new Counting(() => fitted++, _context.Transforms.CopyColumns("B", "A"));
        var chain = first.Append(_context.Transforms.CopyColumns("C", "Missing"));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Data()));
        StringAssert.Contains(error.Message, "Missing");
        Assert.AreEqual(0, fitted);
    }

    [TestMethod]
    public void AnEmptyChainChangesNothing()
    {
        var data = Data();
        var chain = new EstimatorChain<ITransformer>().Fit(data);
        Assert.AreSame(data, chain.Transform(data));
        Assert.IsNull(chain.LastTransformer);
        Assert.IsTrue(((ITransformer)chain).IsRowToRowMapper);
        Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_context));
    }

    [TestMethod]
    public void TransformersOutsideTheScopeAreLeftOut()
    {
        var first = _context.Transforms.CopyColumns("B", "A").Fit(Data());
        var second = _context.Transforms.CopyColumns("C", "A").Fit(Data());
        var chain = new TransformerChain<ITransformer>([first, second], [TransformerScope.Training, TransformerScope.Everything]);
        Assert.IsNull(chain.Transform(Data()).Schema.GetColumnOrNull("B"));
        Assert.IsNotNull(chain.Transform(Data(), TransformerScope.Everything).Schema.GetColumnOrNull("B"));
        Assert.AreEqual(1, chain.GetModelFor(TransformerScope.Scoring).Count());
    }

    [TestMethod]
    public void ACacheCheckpointFeedsTheRestFromMemory()
    {
        var read = 0;
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(1, 2).Select(i => new Row { A = i + (0 * read++) }));
        var reading = new Reading();
        _context.Transforms.CopyColumns("B", "A").AppendCacheCheckpoint(_context).Append(reading).Fit(data);
        Assert.AreEqual(2, read);
        Assert.AreEqual(4, reading.RowsRead);
    }

    [TestMethod]
    public void ChainsOfRowMappersMapSingleRows()
    {
        ITransformer chain = _context.Transforms.CopyColumns("B", "A").Append(_context.Transforms.CopyColumns("C", "B")).Fit(Data());
        var data = Data();
        var mapper = chain.GetRowToRowMapper(data.Schema);
        Assert.AreSame(data.Schema, mapper.InputSchema);
        var wanted = mapper.OutputSchema["C"];
        CollectionAssert.AreEqual(new[] { "A" }, mapper.GetDependencies([wanted]).Select(column => column.Name).ToArray());

        using var cursor = data.GetRowCursor(mapper.GetDependencies([wanted]));
        using var row = mapper.GetRow(cursor, [wanted]);
        var getter = row.GetGetter<float>(wanted);
        Assert.IsTrue(row.IsColumnActive(wanted));
        Assert.IsTrue(cursor.MoveNext() && cursor.MoveNext());
        var value = 0f;
        getter(ref value);
        Assert.AreEqual(2f, value);
        Assert.AreEqual(1, row.Position);
    }

    [TestMethod]
    public void ATransformersCursorHasOnlyTheColumnsAskedFor()
    {
        var data = _context.Transforms.CopyColumns("B", "A").Fit(Data()).Transform(Data());
        using var cursor = data.GetRowCursor([data.Schema["B"]]);
        Assert.IsTrue(cursor.IsColumnActive(data.Schema["B"]));
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["A"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(data.Schema["A"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(data.Schema["B"]));
    }

    [TestMethod]
    public void AColumnThatHidesAnotherStandsBehindIt()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new { A = 1f, B = 2f } });
        var output = _context.Transforms.CopyColumns("A", "B").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "A", "A", "B" }, output.Schema.Select(column => column.Name).ToArray());
        Assert.IsTrue(output.Schema[0].IsHidden);
        Assert.AreEqual(2f, output.GetColumn<float>("A").Single());
    }

    [TestMethod]
    public void DisposingAChainDisposesItsTransformers()
    {
        var disposable = new Disposable();
        new TransformerChain<ITransformer>(disposable, disposable).Dispose();
        Assert.AreEqual(2, disposable.Disposed);
    }

    [TestMethod]
    public void TransformersCanBeChainedDirectly()
    {
        var first = _context.Transforms.CopyColumns("B", "A").Fit(Data());
        var second = _context.Transforms.CopyColumns("C", "B").Fit(first.Transform(Data()));
        Assert.AreEqual(2f, first.Append(second).Transform(Data()).GetColumn<float>("C").Last());
    }

    private IDataView Data() => _context.Data.LoadFromEnumerable(new[] { new Row { A = 1 }, new Row { A = 2 } });

    private sealed class Row
    {
        public float A { get; set; }
    }

    private sealed class Counting(Action onFit, IEstimator<ITransformer> inner) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            onFit();
            return inner.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }

    private sealed class Reading : IEstimator<ITransformer>
    {
        public int RowsRead { get; private set; }

        public ITransformer Fit(IDataView input)
        {
            RowsRead = input.GetColumn<float>("A").Count() + input.GetColumn<float>("A").Count();
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class Disposable : ITransformer, IDisposable
    {
        public int Disposed { get; private set; }

        public bool IsRowToRowMapper => false;

        public void Dispose() => Disposed++;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;
    }
}
