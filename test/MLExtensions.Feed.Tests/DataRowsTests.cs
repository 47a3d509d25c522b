using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

/// <summary>Taking, skipping, shuffling, caching and splitting rows.</summary>
[TestClass]
public sealed class DataRowsTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void TakeAndSkipKeepTheOrder()
    {
        var data = Numbers(10);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Ids(_context.Data.TakeRows(data, 3)));
        CollectionAssert.AreEqual(new[] { 7, 8, 9 }, Ids(_context.Data.SkipRows(data, 7)));
        CollectionAssert.AreEqual(Array.Empty<int>(), Ids(_context.Data.SkipRows(data, 11)));
        Assert.AreEqual(3, _context.Data.TakeRows(data, 3).GetRowCount());
        Assert.AreEqual(10, _context.Data.TakeRows(data, 30).GetRowCount());
        Assert.AreEqual(4, _context.Data.SkipRows(data, 6).GetRowCount());
        Assert.IsFalse(_context.Data.TakeRows(data, 3).CanShuffle);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.TakeRows(data, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.SkipRows(data, 0));
    }

    [TestMethod]
    public void TakeReadsNoMoreRowsThanItGives()
    {
        var read = 0;
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(i => new Row { Id = i, Group = (read++).ToString() }));
        Assert.AreEqual(2, Ids(_context.Data.TakeRows(data, 2)).Length);
        Assert.AreEqual(2, read);
    }

    [TestMethod]
    public void AShuffleKeepsEveryRowOnceAndRepeatsBySeed()
    {
        var data = Numbers(100);
        var shuffled = _context.Data.ShuffleRows(data, seed: 5);
        var order = Ids(shuffled);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), order);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 100).ToArray(), order);
        CollectionAssert.AreEqual(order, Ids(shuffled));
        CollectionAssert.AreEqual(order, Ids(_context.Data.ShuffleRows(data, seed: 5)));
        CollectionAssert.AreNotEqual(order, Ids(_context.Data.ShuffleRows(data, seed: 6)));
        Assert.IsTrue(shuffled.CanShuffle);
    }

    [TestMethod]
    public void ShuffledRowsKeepTheirColumnsAndIdentitiesTogether()
    {
        var shuffled = _context.Data.ShuffleRows(Numbers(50), seed: 5, shufflePoolSize: 7);
        using var cursor = shuffled.GetRowCursor(shuffled.Schema);
        var (id, group, rowId) = (cursor.GetGetter<int>(shuffled.Schema["Id"]), cursor.GetGetter<ReadOnlyMemory<char>>(shuffled.Schema["Group"]), cursor.GetIdGetter());
        while (cursor.MoveNext())
        {
            var number = 0;
            ReadOnlyMemory<char> text = default;
            DataViewRowId identity = default;
            id(ref number);
            group(ref text);
            rowId(ref identity);
            Assert.AreEqual((number % 5).ToString(), text.ToString());
            Assert.AreEqual(new DataViewRowId((ulong)number, 0), identity);
        }
    }

    [TestMethod]
    public void ACacheReadsItsSourceOnce()
    {
        var read = 0;
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => new Row { Id = i + (read++ * 0), Vector = [i, i + 1] }));
        var cached = _context.Data.Cache(data);
        Assert.IsNull(cached.GetRowCount());
        Assert.IsTrue(cached.CanShuffle);
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, Ids(cached));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, Ids(cached));
        Assert.AreEqual(4, read);
        Assert.AreEqual(4, cached.GetRowCount());
        CollectionAssert.AreEqual(new[] { 3f, 4f }, cached.GetColumn<float[]>("Vector").Last());
    }

    [TestMethod]
    public void ACacheCanBeReadInShuffledOrder()
    {
        var cached = _context.Data.Cache(Numbers(30), "Id");
        using var cursor = cached.GetRowCursor(cached.Schema, new Random(3));
        var getter = cursor.GetGetter<int>(cached.Schema["Id"]);
        var order = new List<int>();
        while (cursor.MoveNext())
        {
            var value = 0;
            getter(ref value);
            order.Add(value);
        }

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 30).ToArray(), order);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 30).ToArray(), order);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.Cache(Numbers(3), "Nothing"));
    }

    [TestMethod]
    public void ASplitDealsEveryRowToOnePartAndRepeats()
    {
        var data = Numbers(1000);
        var split = _context.Data.TrainTestSplit(data, testFraction: 0.2, seed: 4);
        var (train, test) = (Ids(split.TrainSet), Ids(split.TestSet));
        CollectionAssert.AreEqual(Enumerable.Range(0, 1000).ToArray(), train.Concat(test).Order().ToArray());
        Assert.IsTrue(test.Length is > 140 and < 260, $"{test.Length} of 1000 test rows where 200 were asked for");
        CollectionAssert.AreEqual(test, test.Order().ToArray());
        CollectionAssert.AreEqual(test, Ids(_context.Data.TrainTestSplit(data, 0.2, seed: 4).TestSet));
        CollectionAssert.AreNotEqual(test, Ids(_context.Data.TrainTestSplit(data, 0.2, seed: 5).TestSet));
        CollectionAssert.AreEqual(new[] { "Id", "Group", "Vector" }, split.TrainSet.Schema.Select(column => column.Name).ToArray());
        Assert.IsNull(split.TrainSet.GetRowCount());
    }

    [TestMethod]
    public void ASplitWithoutASeedTakesTheContexts()
    {
        var data = Numbers(200);
        CollectionAssert.AreEqual(Ids(new MLContext(7).Data.TrainTestSplit(data).TestSet), Ids(new MLContext(7).Data.TrainTestSplit(data).TestSet));
        CollectionAssert.AreNotEqual(Ids(new MLContext(7).Data.TrainTestSplit(data).TestSet), Ids(new MLContext(8).Data.TrainTestSplit(data).TestSet));
    }

    [TestMethod]
    public void ASplitByAColumnKeepsEqualValuesTogether()
    {
        var split = _context.Data.TrainTestSplit(Numbers(500, groups: 50), 0.3, samplingKeyColumnName: "Group");
        var train = split.TrainSet.GetColumn<string>("Group").ToHashSet();
        var test = split.TestSet.GetColumn<string>("Group").ToHashSet();
        Assert.AreEqual(0, train.Intersect(test).Count());
        Assert.AreEqual(50, train.Union(test).Count());
        Assert.IsTrue(test.Count > 0);
    }

    [TestMethod]
    public void FoldsShareOutTheRows()
    {
        var folds = _context.Data.CrossValidationSplit(Numbers(300), numberOfFolds: 3);
        Assert.AreEqual(3, folds.Count);
        CollectionAssert.AreEqual(Enumerable.Range(0, 300).ToArray(), folds.SelectMany(fold => Ids(fold.TestSet)).Order().ToArray());
        foreach (var fold in folds)
        {
            CollectionAssert.AreEqual(Enumerable.Range(0, 300).ToArray(), Ids(fold.TestSet).Concat(Ids(fold.TrainSet)).Order().ToArray());
        }
    }

    [TestMethod]
    public void ImpossibleSplitsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.TrainTestSplit(Numbers(3), 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.TrainTestSplit(Numbers(3), 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.TrainTestSplit(Numbers(3), 0.5, "Nothing"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.CrossValidationSplit(Numbers(3), 1));
    }

    private static int[] Ids(IDataView data) => data.GetColumn<int>("Id").ToArray();

    private IDataView Numbers(int count, int groups = 5)
        => _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { Id = i, Group = (i % groups).ToString() }).ToList());

    private sealed class Row
    {
        public int Id { get; set; }

        public string Group { get; set; } = "";

        public float[] Vector { get; set; } = [];
    }
}
