using Microsoft.ML;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;

namespace MLExt.Tests.Models;

[TestClass]
public sealed class ImageEvaluationTests
{
    [TestMethod]
    public void TheAnswersOfAllImagesAddUpToTheFigures()
    {
        var evaluation = Measure(TrainedModel.TestFolder);
        Assert.HasCount(30, evaluation.Images);
        Assert.IsEmpty(evaluation.Undecodable);
        Assert.AreEqual(evaluation.Figures.MicroAccuracy, evaluation.Images.Average(i => i.IsRight ? 1.0 : 0.0), 1e-9);
        Assert.AreEqual(evaluation.Figures.LogLoss, evaluation.Images.Average(i => -Math.Log(i.LabelProbability)), 1e-4);
        CollectionAssert.AreEqual((string[])["blue-diagonal", "green-level", "red-upright"], evaluation.Classes.Order().ToArray());
        foreach (var (figures, row) in evaluation.Figures.Classes.Zip(evaluation.Confusion))
        {
            Assert.AreEqual(figures.Count, row.Sum());
        }

        foreach (var image in evaluation.Images)
        {
            Assert.HasCount(3, image.Best);
            Assert.AreEqual(1, image.Best.Sum(c => c.Probability), 1e-5);
            Assert.AreEqual(image.LabelProbability, image.Best.Single(c => c.Name == image.Label).Probability);
        }
    }

    [TestMethod]
    public void TheCalibrationErrorIsTheMeanDistanceOfProbabilityAndShareOfRightAnswers()
    {
        EvaluatedImage Answer(double probability, bool isRight) => new(0, isRight ? "a" : "b", 0, [new ClassProbability("a", (float)probability)]);
        // 0.9 and 1 are in the ranges from 13/15 and 14/15; of four at 0.9 three are right, of one at 1 all, of one at 0.5 none.
        var calibration = Calibration.Of([Answer(0.9, true), Answer(0.9, true), Answer(0.9, true), Answer(0.9, false), Answer(1, true), Answer(0.5, false)]);
        CollectionAssert.AreEqual((int[])[1, 4, 1], calibration.Ranges.Select(range => range.Images).ToArray());
        Assert.AreEqual(((4 * 0.15) + 0 + 0.5) / 6, calibration.Error, 1e-6);
        Assert.AreEqual(0, Calibration.Of([]).Error);
    }

    [TestMethod]
    public void TheConfusionMatrixHasTrueClassesInRowsAndAnswersInColumns()
    {
        var evaluation = Measure(TrainedModel.TestFolder);
        var names = evaluation.Classes.ToArray();
        for (var row = 0; row < names.Length; row++)
        {
            for (var column = 0; column < names.Length; column++)
            {
                Assert.AreEqual(evaluation.Images.Count(i => i.Label == names[row] && i.Predicted == names[column]), evaluation.Confusion[row][column]);
            }
        }
    }

    [TestMethod]
    public void AnImageThatCannotBeDecodedIsNamedAndTheOthersKeepTheirPlaces()
    {
        using var store = ImageStore.Open(TrainedModel.TrainZip);
        var evaluation = Measure(TrainedModel.TrainZip);
        var images = ImageSet.Of(store);
        Assert.HasCount(120, evaluation.Images);
        Assert.HasCount(1, evaluation.Undecodable);
        StringAssert.EndsWith(images.Path(evaluation.Undecodable[0]), "damaged.png");
        Assert.DoesNotContain(evaluation.Undecodable[0], evaluation.Images.Select(i => i.Image));
        Assert.IsTrue(evaluation.Images.All(i => images.Label(i.Image) == i.Label));
    }

    [TestMethod]
    public void TheMostWrongAnswersAreTheSurestOfTheWrongOnes()
    {
        EvaluatedImage[] images =
        [
            Answered(0, "a", ("a", 0.9), ("b", 0.1)),
            Answered(1, "a", ("b", 0.6), ("a", 0.4)),
            Answered(2, "b", ("a", 0.8), ("b", 0.2)),
            Answered(3, "b", ("a", 0.6), ("b", 0.4)),
        ];
        var evaluation = new ImageEvaluation(new Figures(0, 0, 0, 0, 4, 0, []), [], images, []);
        CollectionAssert.AreEqual((int[])[2, 1, 3], evaluation.MostWrong(5).Select(i => i.Image).ToArray());
        CollectionAssert.AreEqual((int[])[2], evaluation.MostWrong(1).Select(i => i.Image).ToArray());
    }

    private static EvaluatedImage Answered(int image, string label, params (string Name, double Probability)[] best) =>
        new(image, label, best.Single(b => b.Name == label).Probability, [.. best.Select(b => new ClassProbability(b.Name, b.Probability))]);

    private static ImageEvaluation Measure(string dataSet)
    {
        var context = new MLContext();
        using var model = LoadedModel.Load(context, TrainedModel.ModelFile);
        using var store = ImageStore.Open(dataSet);
        var images = ImageSet.Of(store);
        var reads = 0;
        var evaluation = ImageEvaluation.Measure(context, model.Score(images.ToDataView(context, () => Interlocked.Increment(ref reads))), images, model.Classes);
        Assert.AreEqual(images.Count, reads);
        return evaluation;
    }
}
