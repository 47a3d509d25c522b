using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Tests.Data;

[TestClass]
public sealed class EpisodeSamplerTests
{
    private static readonly EpisodeSettings Settings = new()
    {
        BatchSize = 3,
        Ways = new IntRange(2, 5),
        Shots = new IntRange(1, 3),
        Unlabeled = new IntRange(0, 2),
        Queries = 2,
        SlotRows = 20,
        Variation = new ClassVariation(0.5, 0.5, 0.5),
    };

    private readonly ExamplePool _pool = NumberedPool.Images(12, 9, groupSize: 6);

    [TestMethod]
    public void ARangeIsDrawnWithBothItsEndsAndNamedByThem()
    {
        var random = new Random(1);
        CollectionAssert.AreEquivalent((int[])[2, 3, 4], Enumerable.Range(0, 100).Select(_ => new IntRange(2, 4).Draw(random)).Distinct().ToArray());
        Assert.AreEqual(7, new IntRange(7, 7).Draw(random));
        Assert.AreEqual("2 to 4", $"{new IntRange(2, 4)}");
        Assert.AreEqual("7", $"{new IntRange(7, 7)}");
    }

    [TestMethod]
    public void TheSameSeedEpochAndNumberGiveTheSameTasks()
    {
        var (first, second) = (new EpisodeSampler(_pool, Settings, 7), new EpisodeSampler(_pool, Settings, 7));
        second.Draw(0, 0);
        Assert.AreEqual(Describe(first.Draw(2, 3)), Describe(second.Draw(2, 3)));
    }

    [TestMethod]
    public void AnotherSeedEpochOrNumberGivesOtherTasks()
    {
        var sampler = new EpisodeSampler(_pool, Settings, 7);
        string[] all = [Describe(sampler.Draw(2, 3)), Describe(sampler.Draw(2, 4)), Describe(sampler.Draw(3, 3)), Describe(new EpisodeSampler(_pool, Settings, 8).Draw(2, 3))];
        Assert.AreEqual(4, all.Distinct().Count());
    }

    [TestMethod]
    public void ATaskHasDifferentClassesAndNoExampleTwice()
    {
        for (var number = 0; number < 50; number++)
        {
            var plan = new EpisodeSampler(_pool, Settings, 1).Draw(0, number);
            for (var task = 0; task < plan.BatchSize; task++)
            {
                var classes = plan.Classes[(task * plan.Ways)..((task + 1) * plan.Ways)];
                Assert.AreEqual(plan.Ways, classes.Distinct().Count());
                var support = plan.Support[(task * plan.Samples)..((task + 1) * plan.Samples)];
                var queries = plan.Query[(task * plan.Ways * plan.Queries)..((task + 1) * plan.Ways * plan.Queries)];
                var examples = support.Concat(queries).Select(draw => draw.Example).ToArray();
                Assert.AreEqual(examples.Length, examples.Distinct().Count());
            }
        }
    }

    [TestMethod]
    public void SamplesAndQueriesBelongToTheClassesOfTheirSlots()
    {
        var plan = new EpisodeSampler(_pool, Settings with { Ways = 4, Shots = 2, Unlabeled = 1 }, 1).Draw(0, 0);
        var labels = plan.QueryLabels();
        for (var task = 0; task < 3; task++)
        {
            for (var sample = 0; sample < 12; sample++)
            {
                var slot = sample < 8 ? sample / 2 : sample - 8;
                var candidates = plan.Candidates[(((task * 12) + sample) * 4)..((((task * 12) + sample) * 4) + 4)];
                Assert.AreEqual(plan.Classes[(task * 4) + slot], NumberedPool.ClassOf(_pool, plan.Support[(task * 12) + sample]));
                CollectionAssert.AreEqual(Enumerable.Range(0, 4).Select(way => sample >= 8 || way == slot ? 1f : 0f).ToArray(), candidates);
            }

            for (var query = 0; query < 8; query++)
            {
                Assert.AreEqual(query / 2, labels[(task * 8) + query]);
                Assert.AreEqual(plan.Classes[(task * 4) + (query / 2)], NumberedPool.ClassOf(_pool, plan.Query[(task * 8) + query]));
            }
        }
    }

    [TestMethod]
    public void ATaskIsTurnedAsAWhole()
    {
        var sampler = new EpisodeSampler(_pool, Settings with { Ways = 4, Shots = 2, Unlabeled = 1 }, 3);
        var orientations = new HashSet<byte>();
        for (var number = 0; number < 10; number++)
        {
            var plan = sampler.Draw(0, number);
            for (var task = 0; task < 3; task++)
            {
                var all = plan.Support[(task * 12)..((task + 1) * 12)].Concat(plan.Query[(task * 8)..((task + 1) * 8)]);
                orientations.Add(all.Select(draw => draw.Orientation).Distinct().Single());
            }
        }

        Assert.IsTrue(orientations.Count > 2);
    }

    [TestMethod]
    [DataRow(0, 4)]
    [DataRow(1, 2)]
    [DataRow(2, 2)]
    [DataRow(3, 3)]
    public void ClassesComeFromAsManyGroupsAsAreAskedForAndAsAreNeeded(int groups, int most)
    {
        var pool = NumberedPool.Images(16, 9, groupSize: 4);
        var sampler = new EpisodeSampler(pool, Settings with { BatchSize = 40, Ways = 5, Groups = groups }, 1);
        var plan = sampler.Draw(0, 0);
        var counts = plan.Classes.Chunk(5).Select(task => task.Select(number => pool.Classes[number].Group).Distinct().Count()).ToArray();
        Assert.AreEqual(most, counts.Max());
        Assert.AreEqual(16, plan.Classes.Distinct().Count());
    }

    [TestMethod]
    public void ClassesWithoutGroupsAreDrawnAlike()
    {
        var pool = NumberedPool.Vectors(8, 9, 3, 0, 1);
        var plan = new EpisodeSampler(pool, Settings with { BatchSize = 40, Ways = 5, Groups = 3 }, 1).Draw(0, 0);
        Assert.AreEqual(8, plan.Classes.Distinct().Count());
    }

    [TestMethod]
    public void VectorsAreNotVaried()
    {
        var sampler = new EpisodeSampler(NumberedPool.Vectors(12, 9, 3, 0, 1), Settings, 1);
        for (var number = 0; number < 20; number++)
        {
            var plan = sampler.Draw(0, number);
            Assert.IsTrue(plan.Support.Concat(plan.Query).All(draw => draw is { Orientation: 0, Affine: null, Stroke: null }));
        }
    }

    [TestMethod]
    public void EveryWaysShotsAndUnlabelledInTheRangesOccur()
    {
        var sampler = new EpisodeSampler(_pool, Settings, 1);
        var plans = Enumerable.Range(0, 200).Select(number => sampler.Draw(0, number)).ToArray();
        CollectionAssert.AreEquivalent(new[] { 2, 3, 4, 5 }, plans.Select(plan => plan.Ways).Distinct().ToArray());
        CollectionAssert.AreEquivalent(new[] { 1, 2, 3 }, plans.Select(plan => plan.Shots).Distinct().ToArray());
        CollectionAssert.AreEquivalent(new[] { 0, 1, 2 }, plans.Select(plan => plan.Unlabeled).Distinct().ToArray());
    }

    [TestMethod]
    public void SlotsUseDifferentRowsOfTheLabelTable()
    {
        var plan = new EpisodeSampler(_pool, Settings with { Ways = 5 }, 1).Draw(0, 0);
        for (var task = 0; task < 3; task++)
        {
            var rows = plan.SlotRows![(task * 5)..((task + 1) * 5)];
            Assert.AreEqual(5, rows.Distinct().Count());
            Assert.IsTrue(rows.All(row => row is >= 0 and < 20));
        }
    }

    [TestMethod]
    public void ATaskWithinAGroupHasClassesOfThatGroupOnly()
    {
        var sampler = new EpisodeSampler(_pool, Settings with { BatchSize = 20, WithinGroup = true }, 1);
        var plan = sampler.Draw(0, 0);
        var groups = Enumerable.Range(0, 20)
            .Select(task => plan.Classes[(task * plan.Ways)..((task + 1) * plan.Ways)].Select(number => _pool.Classes[number].Group).Distinct().ToArray()).ToArray();
        Assert.IsTrue(groups.All(group => group.Length == 1));
        CollectionAssert.AreEquivalent(new[] { "g0", "g1" }, groups.Select(group => group[0]).Distinct().ToArray());
    }

    [TestMethod]
    public void TooFewClassesAreToldWithBothNumbers()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new EpisodeSampler(_pool, new EpisodeSettings { Ways = 20, Shots = 1, Queries = 5 }, 1));
        Assert.AreEqual("20-way needs 20 classes with at least 6 images; the data has 12 such classes. In a task a class has 1 in the support set and 5 among the queries.", error.Message);
        error = Assert.ThrowsExactly<InvalidOperationException>(() => new EpisodeSampler(_pool, new EpisodeSettings { Ways = 8, Shots = 1, Queries = 5, WithinGroup = true }, 1));
        Assert.AreEqual("8-way needs 8 classes with at least 6 images in one group; no group of the data has as many.", error.Message);
    }

    [TestMethod]
    public void SettingsAreFittedToSmallData()
    {
        var settings = new EpisodeSettings { Ways = new IntRange(5, 20), Shots = new IntRange(1, 5), Unlabeled = new IntRange(0, 4), Queries = 5 };
        Assert.AreEqual(settings, settings.FittedTo(NumberedPool.Images(30, 14)));
        var fitted = settings.FittedTo(NumberedPool.Images(12, 9));
        Assert.AreEqual((new IntRange(5, 12), new IntRange(1, 3), new IntRange(0, 3), 3), (fitted.Ways, fitted.Shots, fitted.Unlabeled, fitted.Queries));
        fitted = settings.FittedTo(NumberedPool.Images(3, 2));
        Assert.AreEqual((new IntRange(3, 3), new IntRange(1, 1), new IntRange(0, 0), 1), (fitted.Ways, fitted.Shots, fitted.Unlabeled, fitted.Queries));
        _ = new EpisodeSampler(NumberedPool.Images(3, 2), fitted, 1);
    }

    private static string Describe(EpisodePlan plan) =>
        string.Join(' ', plan.Support.Concat(plan.Query)) + string.Join(' ', plan.Candidates) + string.Join(' ', plan.SlotRows!) + string.Join(' ', plan.Classes);
}
