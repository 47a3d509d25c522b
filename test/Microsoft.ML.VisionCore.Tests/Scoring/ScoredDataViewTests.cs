using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Scoring;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Scoring;

[TestClass]
public class ScoredDataViewTests
{
    private const int Classes = 5;
    private const int BatchSize = 4;

    private readonly MLContext _context = new();
    private readonly BrightnessScorer _scorer = new(Classes, BatchSize);

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(11)]
    public void EveryRowKeepsItsOwnValuesThoughTheInputIsReadAhead(int count)
    {
        var rows = _context.Data.CreateEnumerable<ScoredRow>(Scored(Rows(count)), reuseRowObject: false).ToArray();
        Assert.HasCount(count, rows);
        for (var i = 0; i < count; i++)
        {
            Assert.AreEqual(i, rows[i].Number);
            Assert.AreEqual($"row {i}", rows[i].Text);
            CollectionAssert.AreEqual(Enumerable.Repeat((float)i, i % 3).ToArray(), rows[i].Numbers ?? []);
            Assert.AreEqual((uint)(i % Classes) + 1, rows[i].PredictedLabel);
            Assert.AreEqual(1f, rows[i].Score![i % Classes]);
        }
    }

    [TestMethod]
    public void RowIdsBelongToTheRowsThatAreShown()
    {
        var data = _context.Data.LoadFromEnumerable(Rows(9));
        var view = Scored(data);
        using var expected = data.GetRowCursor([]);
        using var actual = view.GetRowCursor([view.Schema["Score"]]);
        var (expectedId, actualId) = (expected.GetIdGetter(), actual.GetIdGetter());
        for (long row = 0; expected.MoveNext(); row++)
        {
            Assert.IsTrue(actual.MoveNext());
            DataViewRowId left = default, right = default;
            expectedId(ref left);
            actualId(ref right);
            Assert.AreEqual(left, right);
            Assert.AreEqual(row, actual.Position);
            Assert.AreEqual(expected.Batch, actual.Batch);
        }

        Assert.IsFalse(actual.MoveNext());
        Assert.AreEqual(-1, actual.Position);
    }

    [TestMethod]
    public void TheModelIsOnlyAskedWhereAScoreIsWanted()
    {
        var view = Scored(Rows(9));
        CollectionAssert.AreEqual(Enumerable.Range(0, 9).ToArray(), view.GetColumn<int>("Number").ToArray());
        Assert.AreEqual(0, _scorer.Calls);

        Assert.HasCount(9, view.GetColumn<uint>("PredictedLabel").ToArray());
        Assert.AreEqual(3, _scorer.Calls);
    }

    [TestMethod]
    public void ARowOfNoneOfTheClassesHasNoLabelAndKeepsItsProbabilities()
    {
        var columns = new ScoreColumns("Score", "PredictedLabel", "Known");
        var pictures = Rows(9).ToArray();
        for (var i = 0; i < pictures.Length; i++)
        {
            // Known as far as the second pixel is bright: 127 / 255 is less than a half.
            pictures[i].File = PngFile.Encode(2, 2, PngFile.Grey, [(byte)i, (byte)(i % 2 == 0 ? 127 : 128), 0, 0]);
        }

        pictures[3].File = [];
        var view = new ScoredDataView(new ScoringModel(_context, _scorer, schema => ImageFeatures.Bind(schema, "File", "feature", side: 2, colours: 3), columns, new ClassLabels(Classes)),
            _context.Data.LoadFromEnumerable(pictures));
        var (known, labels, scores) = (view.GetColumn<float>("Known").ToArray(), view.GetColumn<uint>("PredictedLabel").ToArray(), view.GetColumn<float[]>("Score").ToArray());
        for (var i = 0; i < pictures.Length; i++)
        {
            if (i == 3)
            {
                Assert.IsTrue(float.IsNaN(known[i]) && labels[i] == 0 && scores[i].All(float.IsNaN));
                continue;
            }

            Assert.AreEqual(i % 2 == 0 ? 127 / 255f : 128 / 255f, known[i]);
            Assert.AreEqual(i % 2 == 0 ? 0u : (uint)(i % Classes) + 1, labels[i]);
            Assert.AreEqual(1f, scores[i][i % Classes]);
        }
    }

    [TestMethod]
    public void ColumnsThatWereNotAskedForHaveNoGetter()
    {
        var view = Scored(Rows(2));
        foreach (var (asked, other) in new[] { ("Score", "Number"), ("Number", "Score"), ("Number", "File") })
        {
            using var cursor = view.GetRowCursor([view.Schema[asked]]);
            Assert.IsTrue(cursor.IsColumnActive(view.Schema[asked]));
            Assert.IsFalse(cursor.IsColumnActive(view.Schema[other]));
            var exception = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema[other]));
            Assert.Contains($"'{other}'", exception.Message);
        }
    }

    [TestMethod]
    public void AGetterOfTheWrongTypeIsRefused()
    {
        var view = Scored(Rows(2));
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Score"]));
    }

    [TestMethod]
    public void RowsWithoutAnImageHaveNoScoreAndOneWarningTellsHowMany()
    {
        var warnings = new List<string>();
        _context.Log += (_, log) =>
        {
            if (log.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(log.RawMessage);
            }
        };

        Row[] rows = [.. Rows(10)];
        rows[1].File = [];
        rows[6].File = SampleFiles.Noise(SkiaSharp.SKEncodedImageFormat.Png)[..2000]; // nearly half of it
        var scored = _context.Data.CreateEnumerable<ScoredRow>(Scored(rows), reuseRowObject: false).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var isBad = i is 1 or 6;
            Assert.AreEqual(isBad ? 0u : (uint)(i % Classes) + 1, scored[i].PredictedLabel);
            Assert.IsTrue(scored[i].Score!.All(score => float.IsNaN(score) == isBad));
        }

        Assert.HasCount(1, warnings);
        Assert.Contains("2 row(s) of column 'File'", warnings[0]);
        Assert.Contains("First: row 1: the row has no bytes", warnings[0]);
    }

    [TestMethod]
    public void CursorsOnSeveralThreadsDoNotDisturbEachOther()
    {
        var view = Scored(Rows(50));
        var expected = Enumerable.Range(0, 50).Select(i => (uint)(i % Classes) + 1).ToArray();
        Parallel.For(0, 8, _ => CollectionAssert.AreEqual(expected, view.GetColumn<uint>("PredictedLabel").ToArray()));
    }

    [TestMethod]
    public void ACursorSetCoversEveryRowOnce()
    {
        var view = Scored(Rows(23));
        var numbers = new List<int>();
        foreach (var cursor in view.GetRowCursorSet([view.Schema["Number"], view.Schema["PredictedLabel"]], 3))
        {
            using (cursor)
            {
                var (number, predicted) = (cursor.GetGetter<int>(view.Schema["Number"]), cursor.GetGetter<uint>(view.Schema["PredictedLabel"]));
                while (cursor.MoveNext())
                {
                    var (value, label) = (0, 0u);
                    number(ref value);
                    predicted(ref label);
                    Assert.AreEqual((uint)(value % Classes) + 1, label);
                    numbers.Add(value);
                }
            }
        }

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 23).ToArray(), numbers);
    }

    [TestMethod]
    public void AShuffledViewScoresTheShuffledRows()
    {
        var view = Scored(_context.Data.ShuffleRows(_context.Data.LoadFromEnumerable(Rows(23)), seed: 5));
        var rows = _context.Data.CreateEnumerable<NumberedRow>(view, reuseRowObject: false).ToArray();
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 23).ToArray(), rows.Select(row => row.Number).ToArray());
        Assert.IsTrue(rows.All(row => row.PredictedLabel == (uint)(row.Number % Classes) + 1));
    }

    [TestMethod]
    public void ImagesThatPassThroughCanStillBeUsed()
    {
        Row[] rows = [.. Rows(9)];
        foreach (var row in rows)
        {
            row.Image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Rgba32, [(byte)row.Number, 0, 0, 255]);
        }

        var scored = _context.Data.CreateEnumerable<ScoredRow>(Scored(rows), reuseRowObject: false).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual(i, scored[i].Image!.Pixels[0]);
            rows[i].Image!.Dispose();
        }
    }

    [TestMethod]
    public void AMapperScoresARowOnceAndAgainWhenTheRowMovesOn()
    {
        var data = _context.Data.LoadFromEnumerable(Rows(3));
        var mapper = new ScoringRowMapper(Model(), data.Schema);
        Assert.AreSame(data.Schema, mapper.InputSchema);
        DataViewSchema.Column[] wanted = [mapper.OutputSchema["Score"], mapper.OutputSchema["PredictedLabel"]];
        CollectionAssert.AreEqual(new[] { "File" }, mapper.GetDependencies(wanted).Select(column => column.Name).ToArray());

        var cursor = data.GetRowCursor(data.Schema);
        using var row = mapper.GetRow(cursor, wanted);
        var (score, label) = (row.GetGetter<VBuffer<float>>(wanted[0]), row.GetGetter<uint>(wanted[1]));
        for (var i = 0; cursor.MoveNext(); i++)
        {
            VBuffer<float> scores = default;
            uint predicted = 0;
            score(ref scores);
            label(ref predicted);
            Assert.AreEqual((uint)i + 1, predicted);
            Assert.AreEqual(1f, scores.GetItemOrDefault(i));
            Assert.AreEqual(i + 1, _scorer.Calls);
        }
    }

    [TestMethod]
    public void AMapperRefusesRowsOfAnotherSchema()
    {
        var mapper = new ScoringRowMapper(Model(), _context.Data.LoadFromEnumerable(Rows(1)).Schema);
        using var other = _context.Data.LoadFromEnumerable(Rows(1)).GetRowCursor([]);
        Assert.ThrowsExactly<ArgumentException>(() => mapper.GetRow(other, mapper.OutputSchema));
    }

    private IDataView Scored(IEnumerable<Row> rows) => Scored(_context.Data.LoadFromEnumerable(rows));

    private ScoredDataView Scored(IDataView data) => new(Model(), data);

    private ScoringModel Model() => new(_context, _scorer, schema => ImageFeatures.Bind(schema, "File", "feature", side: 2, colours: 3), new ScoreColumns("Score", "PredictedLabel"), new ClassLabels(Classes));

    private static IEnumerable<Row> Rows(int count) => Enumerable.Range(0, count).Select(i => new Row
    {
        Number = i,
        Text = $"row {i}",
        Numbers = [.. Enumerable.Repeat((float)i, i % 3)],
        File = PngFile.Encode(2, 2, PngFile.Grey, [(byte)i, 0, 0, 0]),
    }).ToArray();

    private sealed class Row
    {
        public int Number { get; set; }

        public string Text { get; set; } = "";

        public float[] Numbers { get; set; } = [];

        public byte[] File { get; set; } = [];

        [Transforms.Image.ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class NumberedRow
    {
        public int Number { get; set; }

        public uint PredictedLabel { get; set; }
    }

    private sealed class ScoredRow
    {
        public int Number { get; set; }

        public string? Text { get; set; }

        public float[]? Numbers { get; set; }

        [Transforms.Image.ImageType(1, 1)]
        public MLImage? Image { get; set; }

        public float[]? Score { get; set; }

        public uint PredictedLabel { get; set; }
    }
}
