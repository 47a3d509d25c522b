using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class EvaluationCrossValidationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void EveryRowIsScoredInOneFoldByAModelThatDidNotSeeIt()
    {
        var results = _ml.MulticlassClassification.CrossValidate(Rows(200), Pipeline(), numberOfFolds: 4, labelColumnName: "Key");
        Assert.HasCount(4, results);
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, results.Select(result => result.Fold).ToArray());
        var scored = results.Select(result => result.ScoredHoldOutSet.GetColumn<int>("Id").ToArray()).ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).ToArray(), scored.SelectMany(ids => ids).Order().ToArray());
        foreach (var (result, ids) in results.Zip(scored))
        {
            Assert.IsInRange(20, 80, ids.Length);
            var known = Known(result.Model);
            Assert.HasCount(200 - ids.Length, known);
            Assert.IsEmpty(known.Intersect(ids));
            Assert.AreEqual(ids.Count(id => id % 4 != 3) / (double)ids.Length, result.Metrics.MicroAccuracy, 1e-12);
        }
    }

    [TestMethod]
    public void RowsOfOneGroupStayTogether()
    {
        var results = _ml.MulticlassClassification.CrossValidate(Rows(120), Pipeline(), 3, "Key", samplingKeyColumnName: "Group");
        var groups = results.Select(result => result.ScoredHoldOutSet.GetColumn<string>("Group").Distinct().ToArray()).ToArray();
        Assert.HasCount(20, groups.SelectMany(group => group).ToArray());
    }

    [TestMethod]
    public void TheSeedDecidesTheFolds()
    {
        int[] FirstFold(int? seed) =>
            [.. _ml.MulticlassClassification.CrossValidate(Rows(60), Pipeline(), 2, "Key", seed: seed)[0].ScoredHoldOutSet.GetColumn<int>("Id")];
        CollectionAssert.AreEqual(FirstFold(5), FirstFold(5));
        CollectionAssert.AreNotEqual(FirstFold(5), FirstFold(6));
    }

    [TestMethod]
    public void FewerThanTwoFoldsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.CrossValidate(Rows(10), Pipeline(), 1, "Key"));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.MulticlassClassification.CrossValidate(null!, Pipeline()));
    }

    private static int[] Known(ITransformer model)
    {
        // The identifiers of the training rows are the vocabulary of the pipeline's key.
        var empty = new MLContext().Data.LoadFromEnumerable(Array.Empty<Row>());
        VBuffer<int> ids = default;
        model.Transform(empty).Schema["IdKey"].GetKeyValues(ref ids);
        return [.. ids.DenseValues()];
    }

    private EstimatorChain<ITransformer> Pipeline() => new EstimatorChain<ITransformer>()
        .Append(_ml.Transforms.Conversion.MapValueToKey("IdKey", "Id"))
        .Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Label", keyData: _ml.Data.LoadFromEnumerable([new LabelRow { Label = "even" }, new LabelRow { Label = "odd" }])))
        .Append(_ml.Transforms.CopyColumns("PredictedLabel", "Key"))
        .Append((IEstimator<ITransformer>)_ml.Transforms.CopyColumns("Score", "Given"));

    /// <summary>One row in four has the scores of the other class.</summary>
    private IDataView Rows(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row
    {
        Id = i,
        Group = $"g{i % 20}",
        Label = i % 2 == 0 ? "even" : "odd",
        Given = i % 4 == 1 ? [0.1f, 0.9f] : [0.9f, 0.1f],
    }));

    private sealed class Row
    {
        public int Id { get; set; }

        public string Group { get; set; } = "";

        public string Label { get; set; } = "";

        [VectorType(2)]
        public float[] Given { get; set; } = [];
    }

    private sealed class LabelRow
    {
        public string Label { get; set; } = "";
    }
}
