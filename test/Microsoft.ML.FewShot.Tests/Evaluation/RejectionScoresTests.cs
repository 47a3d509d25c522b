using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.FewShot.Tests.Training;

namespace Microsoft.ML.FewShot.Tests.Evaluation;

[TestClass]
public class RejectionScoresTests
{
    [TestMethod]
    public void AKnownRankingHasItsAreaAndEqualScoresCountHalf()
    {
        // Of 3 · 2 pairs: 0.9 wins both, 0.6 wins one and is equal to one, 0.2 loses both.
        var scores = RejectionScores.Of([0.9f, 0.6f, 0.2f], [0.6f, 0.3f]);
        Assert.AreEqual(3.5 / 6, scores.Auroc, 1e-12);
        Assert.AreEqual(1.0 / 3, scores.FalseRejections, 1e-12);
        Assert.AreEqual(1, RejectionScores.Of([0.5f, 0.7f], [0.1f]).Auroc);
        Assert.AreEqual(0, RejectionScores.Of([0.5f], [0.5f]).FalseRejections);
        Assert.AreEqual(0.5, RejectionScores.Of([0.5f], [0.5f]).Auroc);
    }

    [TestMethod]
    public void ATaskIsTheSameWithOtherClassesAndWithout()
    {
        var pool = DrawnSymbols.Create(8, 5, 1);
        var settings = new EpisodeSettings { BatchSize = 1, Ways = 3, Shots = 2, Queries = 2 };
        var plain = new EpisodeSampler(pool, settings, 4).Draw(0, 1);
        var other = new EpisodeSampler(pool, settings with { UnknownWays = 4 }, 4).Draw(0, 1);
        CollectionAssert.AreEqual(plain.Support, other.Support);
        CollectionAssert.AreEqual(plain.Query, other.Query);
        Assert.IsEmpty(plain.Unknown);
        Assert.HasCount(8, other.Unknown);
        int[] own = [.. other.Classes.SelectMany(number => pool.Classes[number].Examples)];
        Assert.IsFalse(other.Unknown.Any(draw => own.Contains(draw.Example)));
        Assert.AreEqual(8, other.Unknown.Select(draw => draw.Example).Distinct().Count());
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new EpisodeSampler(pool, settings with { UnknownWays = 6 }, 4));
        StringAssert.Contains(error.Message, "3-way with 6 unknown classes needs 9 classes with at least 4 images; the data has 8 such classes.");
    }

    [TestMethod]
    public void AnEvaluationWithOtherClassesMeasuresRejectionToo()
    {
        var data = Symbols.Keyed(TrainedModel.Context, Symbols.Draw(10, 8, seed: 2));
        FewShotEvaluationOptions Tasks(int unknown) => new() { Ways = 4, Shots = 3, Queries = 3, Tasks = 6, UnknownWays = unknown, Baselines = [FewShotMethod.PrototypicalNetwork] };
        var without = TrainedModel.Context.MulticlassClassification.EvaluateFewShot(TrainedModel.Generator, data, Tasks(0));
        var with = TrainedModel.Context.MulticlassClassification.EvaluateFewShot(TrainedModel.Generator, data, Tasks(5));
        foreach (var (plain, rejecting) in without.Zip(with))
        {
            Assert.AreEqual(plain.Accuracy, rejecting.Accuracy);
            Assert.IsNull(plain.Auroc);
            Assert.IsNull(plain.FalseRejections);
            Assert.IsGreaterThan(0.7, rejecting.Auroc!.Value);
            Assert.IsLessThan(0.4, rejecting.FalseRejections!.Value);
            Assert.AreEqual(5, rejecting.UnknownWays);
        }

        StringAssert.Contains(with[0].ToString(), "against 5 other classes AUROC ");
    }

    [TestMethod]
    public void RejectionDoesNotGoWithATransductiveEvaluation()
    {
        var data = Symbols.Keyed(TrainedModel.Context, Symbols.Draw(6, 4, seed: 2));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TrainedModel.Context.MulticlassClassification.EvaluateFewShot(
            TrainedModel.Generator, data, new FewShotEvaluationOptions { Ways = 2, UnknownWays = 2, IsTransductive = true }));
        StringAssert.Contains(error.Message, "UnknownWays must be 0 where IsTransductive");
    }
}
