using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class EvaluationTests
{
    private const double Exact = 1e-12;

    // Scores are floats: their logarithm agrees with that of the decimal to float precision.
    private const double FloatLog = 1e-6;

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void MetricsAreThoseOfTheFormulas()
    {
        var metrics = Evaluate(3, Row(1, 0.7f, 0.2f, 0.1f), Row(1, 0.3f, 0.6f, 0.1f), Row(2, 0.1f, 0.8f, 0.1f), Row(3, 0.2f, 0.3f, 0.5f));
        Assert.AreEqual(0.75, metrics.MicroAccuracy, Exact);
        Assert.AreEqual((0.5 + 1 + 1) / 3, metrics.MacroAccuracy, Exact);
        var logLoss = -(Math.Log(0.7) + Math.Log(0.3) + Math.Log(0.8) + Math.Log(0.5)) / 4;
        Assert.AreEqual(logLoss, metrics.LogLoss, FloatLog);
        var prior = -(2 * Math.Log(0.5) + 2 * Math.Log(0.25)) / 4;
        Assert.AreEqual((prior - logLoss) / prior, metrics.LogLossReduction, FloatLog);
        var perClass = new[] { -(Math.Log(0.7) + Math.Log(0.3)) / 2, -Math.Log(0.8), -Math.Log(0.5) };
        for (var i = 0; i < 3; i++)
        {
            Assert.AreEqual(perClass[i], metrics.PerClassLogLoss[i], FloatLog);
        }

        Assert.AreEqual(0, metrics.TopKPredictionCount);
        Assert.AreEqual(0, metrics.TopKAccuracy);
        Assert.IsNull(metrics.TopKAccuracyForAllK);
    }

    [TestMethod]
    public void ConfusionCountsTrueClassesInRows()
    {
        var matrix = Evaluate(3, Row(1, 0.7f, 0.2f, 0.1f), Row(1, 0.3f, 0.6f, 0.1f), Row(2, 0.1f, 0.8f, 0.1f), Row(2, 0.1f, 0.9f, 0)).ConfusionMatrix;
        Assert.AreEqual(3, matrix.NumberOfClasses);
        CollectionAssert.AreEqual(new double[] { 1, 1, 0 }, matrix.Counts[0].ToArray());
        CollectionAssert.AreEqual(new double[] { 0, 2, 0 }, matrix.Counts[1].ToArray());
        CollectionAssert.AreEqual(new double[] { 0, 0, 0 }, matrix.Counts[2].ToArray());
        CollectionAssert.AreEqual(new[] { 0.5, 1, 0 }, matrix.PerClassRecall.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2.0 / 3, 0 }, matrix.PerClassPrecision.ToArray());
        Assert.AreEqual(1, matrix.GetCountForClassPair(1, 0));
        Assert.AreEqual(0, matrix.GetCountForClassPair(0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(3, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(0, -1));
    }

    [TestMethod]
    public void TheConfusionTableHasItsLayout()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var table = Evaluate(3, Row(1, 0.7f, 0.2f, 0.1f), Row(1, 0.3f, 0.6f, 0.1f), Row(2, 0.1f, 0.8f, 0.1f)).ConfusionMatrix.GetFormattedConfusionTable();
        string[] expected =
        [
            "",
            "Confusion table",
            "          ||========================",
            "PREDICTED ||     0 |     1 |     2 | Recall",
            "TRUTH     ||========================",
            "        0 ||     1 |     1 |     0 | 0.5000",
            "        1 ||     0 |     1 |     0 | 1.0000",
            "        2 ||     0 |     0 |     0 | 0.0000",
            "          ||========================",
            "Precision ||1.0000 |0.5000 |0.0000 |",
            "",
        ];
        Assert.AreEqual(string.Join(Environment.NewLine, expected), table);
    }

    [TestMethod]
    public void LongClassNamesAreNumberedInTheTable()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var data = _ml.Data.LoadFromEnumerable([Row(1, 0.7f, 0.3f), Row(2, 0.6f, 0.4f)], Definition(2, "tabby cat", "golden retriever"));
        var table = _ml.MulticlassClassification.Evaluate(data).ConfusionMatrix.GetFormattedConfusionTable();
        string[] expected =
        [
            "",
            "Confusion table",
            "                    ||======================",
            "PREDICTED           ||        0 |        1 | Recall",
            "TRUTH               ||======================",
            "0.        tabby cat ||        1 |        0 | 1.0000",
            "1. golden retriever ||        1 |        0 | 0.0000",
            "                    ||======================",
            "Precision           ||   0.5000 |   0.0000 |",
            "",
        ];
        Assert.AreEqual(string.Join(Environment.NewLine, expected), table);
    }

    [TestMethod]
    public void TopKCountsTheTrueClassAmongTheHighestScores()
    {
        var data = Load(3, Row(1, 0.7f, 0.2f, 0.1f), Row(2, 0.6f, 0.3f, 0.1f), Row(3, 0.5f, 0.3f, 0.2f), Row(1, 0.2f, 0.5f, 0.3f));
        var metrics = _ml.MulticlassClassification.Evaluate(data, topKPredictionCount: 2);
        Assert.AreEqual(2, metrics.TopKPredictionCount);
        CollectionAssert.AreEqual(new[] { 0.25, 0.5 }, metrics.TopKAccuracyForAllK.ToArray());
        Assert.AreEqual(0.5, metrics.TopKAccuracy);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(data, topKPredictionCount: -1));
    }

    [TestMethod]
    public void OfEqualScoresTheFirstWins()
    {
        var metrics = Evaluate(3, Row(1, 0.4f, 0.4f, 0.2f), Row(2, 0.4f, 0.4f, 0.2f));
        Assert.AreEqual(0.5, metrics.MicroAccuracy);
        CollectionAssert.AreEqual(new double[] { 1, 0, 0 }, metrics.ConfusionMatrix.Counts[1].ToArray());
    }

    [TestMethod]
    public void ScoresAreClampedForTheLogLoss()
    {
        Assert.AreEqual(-Math.Log((float)1e-15), Evaluate(2, Row(1, 0, 1)).LogLoss, Exact);
        Assert.AreEqual(0, Evaluate(2, Row(1, 7, -3)).LogLoss, Exact);
    }

    [TestMethod]
    public void RowsWithoutLabelOrFiniteScoreAreLeftOut()
    {
        var metrics = Evaluate(2, Row(0, 0.9f, 0.1f), Row(1, float.NaN, float.NaN), Row(1, float.PositiveInfinity, 0), Row(1, 0.9f, 0.1f), Row(2, 0.9f, 0.1f));
        Assert.AreEqual(0.5, metrics.MicroAccuracy);
        Assert.AreEqual(2, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [TestMethod]
    public void LabelsThatHaveNoScoreCountAsWrong()
    {
        var metrics = Evaluate(4, Row(4, 0.9f, 0.1f), Row(1, 0.9f, 0.1f));
        Assert.AreEqual(0.5, metrics.MicroAccuracy);
        Assert.AreEqual(1, metrics.MacroAccuracy);
        Assert.AreEqual((-Math.Log((float)1e-15) - Math.Log(0.9f)) / 2, metrics.LogLoss, Exact);
        Assert.AreEqual(2, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [TestMethod]
    public void NoRowsGiveZeros()
    {
        var metrics = Evaluate(2, Row(0, 0.5f, 0.5f));
        Assert.AreEqual(0, metrics.MicroAccuracy);
        Assert.AreEqual(0, metrics.MacroAccuracy);
        Assert.AreEqual(0, metrics.LogLoss);
        Assert.AreEqual(double.NaN, metrics.LogLossReduction);
    }

    [TestMethod]
    public void FloatLabelsCountFromZero()
    {
        var data = _ml.Data.LoadFromEnumerable(
        [
            new FloatLabelRow { Label = 0, Score = [0.9f, 0.1f] },
            new FloatLabelRow { Label = 1, Score = [0.9f, 0.1f] },
            new FloatLabelRow { Label = float.NaN, Score = [0.9f, 0.1f] },
            new FloatLabelRow { Label = 0.5f, Score = [0.9f, 0.1f] },
        ]);
        Assert.AreEqual(0.5, _ml.MulticlassClassification.Evaluate(data).MicroAccuracy);
    }

    [TestMethod]
    public void ColumnsThatCannotBeEvaluatedAreRefused()
    {
        var data = Load(2, Row(1, 0.5f, 0.5f));
        var catalog = _ml.MulticlassClassification;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, labelColumnName: "None"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, scoreColumnName: "None"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, predictedLabelColumnName: "None"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, labelColumnName: "Score"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, scoreColumnName: "PredictedLabel"));
        Assert.ThrowsExactly<ArgumentNullException>(() => catalog.Evaluate(null!));
    }

    /// <summary>A row of the class counted from 1; 0 is missing. Objects count keys from 0, and what is no key is missing.</summary>
    private static KeyRow Row(uint label, params float[] scores) => new() { Label = unchecked(label - 1), Score = scores };

    private static SchemaDefinition Definition(int labels, params string[] names)
    {
        var definition = SchemaDefinition.Create(typeof(KeyRow));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), labels);
        var type = new VectorDataViewType(NumberDataViewType.Single, names.Length);
        definition["Score"].ColumnType = type;
        var texts = new VBuffer<ReadOnlyMemory<char>>(names.Length, Array.ConvertAll(names, name => name.AsMemory()));
        definition["Score"].AddAnnotation("SlotNames", texts, new VectorDataViewType(TextDataViewType.Instance, names.Length));
        return definition;
    }

    private IDataView Load(int labels, params KeyRow[] rows)
    {
        var definition = SchemaDefinition.Create(typeof(KeyRow));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), labels);
        definition["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Score.Length);
        return _ml.Data.LoadFromEnumerable(rows, definition);
    }

    private MulticlassClassificationMetrics Evaluate(int labels, params KeyRow[] rows) => _ml.MulticlassClassification.Evaluate(Load(labels, rows));

    private sealed class KeyRow
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];

        public float PredictedLabel { get; set; }
    }

    private sealed class FloatLabelRow
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];

        public float PredictedLabel { get; set; }
    }
}
