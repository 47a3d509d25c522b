using MLExtensions.Testing;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class ScoringTests
{
    private static MLContext Context => TrainedModel.Context;

    private static IDataView Queries => View(Symbols.Draw(4, 20, seed: 2));

    [TestMethod]
    public void ARowScoresTheSameBitsByItselfAndAmongOthers()
    {
        using var classifier = TrainedModel.Classifier();
        var rows = Symbols.Draw(4, 20, seed: 2);
        var batched = Symbols.Bits(classifier.Transform(View(rows)));
        using var engine = Context.Model.CreatePredictionEngine<Symbols.Symbol, Scores>(classifier);
        Assert.AreEqual(batched, Symbols.Bits(rows.Select(row => engine.Predict(row).Score.ToArray())));
        // Other neighbours, another place in the batch.
        var backwards = classifier.Transform(View(rows.Reverse())).GetColumn<float[]>("Score").Reverse();
        Assert.AreEqual(batched, Symbols.Bits(backwards));
    }

    [TestMethod]
    public void CursorsOnSeveralThreadsScoreTheSameBits()
    {
        using var classifier = TrainedModel.Classifier();
        var view = classifier.Transform(Queries);
        var expected = Symbols.Bits(view);
        Parallel.For(0, 4, _ => Assert.AreEqual(expected, Symbols.Bits(view)));
    }

    [TestMethod]
    public void ProbabilitiesAddUpToOneAndTheLargestIsPredicted()
    {
        using var classifier = TrainedModel.Classifier();
        var scored = classifier.Transform(Queries);
        foreach (var (scores, label) in scored.GetColumn<float[]>("Score").Zip(scored.GetColumn<uint>("PredictedLabel")))
        {
            Assert.AreEqual(1f, scores.Sum(), 1e-6f);
            Assert.AreEqual(scores.Max(), scores[label - 1]);
        }
    }

    [TestMethod]
    public void TheOrderOfTheSupportSetChangesNoBit()
    {
        var support = Symbols.Draw(4, 3, seed: 2);
        support[2].Name = "";
        using var classifier = Create(support);
        using var shuffled = Create(Shuffled(support));
        Assert.AreEqual(Symbols.Bits(classifier.Transform(Queries)), Symbols.Bits(shuffled.Transform(Queries)));

        // Keys are numbered in the order of first sight; the probabilities of a class are its own all the same.
        using var first = TrainedModel.Generator.CreateClassifier(Symbols.Keyed(Context, support));
        using var second = TrainedModel.Generator.CreateClassifier(Symbols.Keyed(Context, support.Reverse()));
        Assert.AreNotEqual(first.Classes[0], second.Classes[0]);
        int[] places = [.. first.Classes.Select(name => second.Classes.ToList().IndexOf(name))];
        var reordered = second.Transform(Queries).GetColumn<float[]>("Score").Select(scores => Array.ConvertAll(places, place => scores[place]));
        Assert.AreEqual(Symbols.Bits(first.Transform(Queries)), Symbols.Bits(reordered));
    }

    [TestMethod]
    public void UnlabelledAndPartiallyLabelledSamplesCount()
    {
        var support = Symbols.Draw(4, 2, seed: 2);
        using var plain = Create(support);
        support[1].Name = "";
        using var unlabeled = Create(support);
        support[1].Candidates = [Symbols.NameOf(0), Symbols.NameOf(1)];
        using var partly = Create(support, options => options.CandidatesColumnName = nameof(Symbols.Symbol.Candidates));
        support[1].Candidates = [.. Enumerable.Range(0, 4).Select(Symbols.NameOf)];
        using var open = Create(support, options => options.CandidatesColumnName = nameof(Symbols.Symbol.Candidates));
        string[] bits = [.. new[] { plain, unlabeled, partly, open }.Select(classifier => Symbols.Bits(classifier.Transform(Queries)))];
        Assert.AreEqual(3, bits.Distinct().Count());
        Assert.AreEqual(bits[1], bits[3], "a sample that may be of any class is an unlabelled one");
    }

    [TestMethod]
    public void ASampleWithOneCandidateIsALabelledOne()
    {
        var support = Symbols.Draw(4, 2, seed: 2);
        using var labeled = Create(support);
        (support[1].Candidates, support[1].Name) = ([support[1].Name], "");
        using var partly = Create(support, options => options.CandidatesColumnName = nameof(Symbols.Symbol.Candidates));
        Assert.AreEqual(Symbols.Bits(labeled.Transform(Queries)), Symbols.Bits(partly.Transform(Queries)));
    }

    [TestMethod]
    public void MixedRowsOfManyTasksScoreAsTheClassifiersOfTheirTasks()
    {
        var (a, b) = (Task("a", symbols: 3, seed: 2), Task("b", symbols: 4, seed: 3));
        Symbols.Symbol[] mixed = [.. Shuffled([.. a.Support, .. b.Support, .. a.Queries, .. b.Queries])];
        var data = Symbols.Keyed(Context, [.. b.Support, .. mixed]);
        using var generator = TrainedModel.Generator.WithColumns(groupColumnName: nameof(Symbols.Symbol.Task));
        var scored = generator.Transform(Context.Data.SkipRows(data, b.Support.Length));
        var names = Enumerable.Range(0, 4).Select(Symbols.NameOf).ToList();
        foreach (var (support, queries) in new[] { a, b })
        {
            using var classifier = Create(support);
            var expected = classifier.Transform(View(queries)).GetColumn<float[]>("Score").ToArray();
            var actual = scored.GetColumn<float[]>("Score").ToArray();
            for (var i = 0; i < queries.Length; i++)
            {
                var row = actual[Array.IndexOf(mixed, queries[i])];
                Assert.AreEqual(Symbols.Bits([expected[i]]), Symbols.Bits([row[..classifier.Classes.Count]]));
                Assert.IsTrue(row[classifier.Classes.Count..].All(score => score == 0), "a class that the task has not got a probability");
            }
        }
    }

    [TestMethod]
    public void AClassifierThatWasLetGoOfForOthersIsMadeAgain()
    {
        var tasks = "abcd".Select((name, i) => Task($"{name}", symbols: 3, seed: i)).ToArray();
        var columns = FewShotColumns.Standard with { Group = nameof(Symbols.Symbol.Task) };
        var data = Symbols.Keyed(Context, [.. tasks.SelectMany(task => task.Support)]);
        using var generator = TrainedModel.Generator.WithColumns();
        using var scope = TorchSharp.torch.NewDisposeScope();
        var classifiers = new TaskClassifiers(Context, generator.Network, columns, data) { WeightBytes = 0 };
        var query = new byte[generator.Network.Example.Bytes];
        new Random(1).NextBytes(query);
        string Scores(char task)
        {
            var scores = new float[classifiers.Labels.Count];
            classifiers.Score(classifiers.NumberOf($"{task}"), query, scores);
            return Symbols.Bits([scores]);
        }

        var first = "abcd".ToDictionary(task => task, Scores);
        TensorLedger.Leaves(0, () =>
        {
            foreach (var task in "abacadbcdcbaabcd")
            {
                Assert.AreEqual(first[task], Scores(task));
            }
        });
    }

    [TestMethod]
    public void AQueryOfATaskDoesNotDependOnOtherQueries()
    {
        var (support, queries) = Task("", symbols: 4, seed: 2);
        var all = Symbols.Bits(TrainedModel.Generator.Transform(Symbols.Keyed(Context, [.. support, .. queries])));
        var one = Symbols.Bits(TrainedModel.Generator.Transform(Symbols.Keyed(Context, [.. support, queries[0]])));
        Assert.StartsWith(one, all);
    }

    [TestMethod]
    public void ARowWithoutAnImageHasNoScoreAndItsNeighboursKeepTheirs()
    {
        using var classifier = TrainedModel.Classifier();
        var rows = Symbols.Draw(4, 2, seed: 2);
        var whole = classifier.Transform(View(rows)).GetColumn<float[]>("Score").ToArray();
        rows[3].Features = [1, 2, 3];
        var scored = classifier.Transform(View(rows));
        var labels = scored.GetColumn<uint>("PredictedLabel").ToArray();
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        Assert.IsTrue(scores[3].All(float.IsNaN));
        Assert.AreEqual(0u, labels[3]);
        scores[3] = whole[3];
        Assert.AreEqual(Symbols.Bits(whole), Symbols.Bits(scores));
        Assert.AreEqual(1, labels.Count(label => label == 0));
    }

    [TestMethod]
    [DataRow(FewShotMethod.PrototypicalNetwork)]
    [DataRow(FewShotMethod.SoftKMeans)]
    [DataRow(FewShotMethod.LogisticRegression)]
    public void ABaselineMakesClassifiersFromTheSameEmbedding(FewShotMethod method)
    {
        using var classifier = TrainedModel.Classifier(change: options => options.Method = method);
        Assert.AreEqual(method, classifier.Method);
        using var own = TrainedModel.Classifier();
        Assert.AreNotEqual(Symbols.Bits(own.Transform(Queries)), Symbols.Bits(classifier.Transform(Queries)));
        Assert.IsTrue(classifier.Transform(Queries).GetColumn<float[]>("Score").All(scores => Math.Abs(scores.Sum() - 1) < 1e-6));
    }

    [TestMethod]
    public void DisposedClassifiersLeaveNoTensors()
    {
        _ = TrainedModel.Generator;
        TensorLedger.Leaves(0, () =>
        {
            using var classifier = TrainedModel.Classifier();
            Symbols.Bits(classifier.Transform(Queries));
        });
    }

    [TestMethod]
    public void ADisposedClassifierSaysSoWhateverItIsAskedFor()
    {
        var classifier = TrainedModel.Classifier();
        classifier.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => classifier.Transform(Queries).GetColumn<float[]>("Score").ToArray());
        Assert.ThrowsExactly<ObjectDisposedException>(() => Context.Model.Explain(classifier, Queries).GetColumn<float[]>(ModelExplanation.ColumnName).ToArray());
        Assert.ThrowsExactly<ObjectDisposedException>(() => TrainedModel.Save(classifier, Queries.Schema));
        Assert.ThrowsExactly<ObjectDisposedException>(() => Context.Model.ExportToOnnx(classifier, new MemoryStream()));
    }

    [TestMethod]
    public void AClassifierWhoseWeightsAreNoNumbersIsNotMade()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var mode = TorchSharp.torch.no_grad();
        using var generator = Symbols.Trainer(Context).Fit(Symbols.Keyed(Context, Symbols.Draw(Symbols.MaxWays, 2)));
        foreach (var (_, weights) in generator.Network.Model.named_parameters())
        {
            weights.Fill_(1e38);
        }

        var refused = Assert.ThrowsExactly<InvalidOperationException>(() => generator.CreateClassifier(View(Symbols.Draw(3, 1, seed: 2)), Symbols.Named()));
        Assert.StartsWith("The weights of the classifier are no numbers", refused.Message);
        TensorLedger.LeavesNothing(() => Assert.ThrowsExactly<InvalidOperationException>(() => generator.CreateClassifier(View(Symbols.Draw(3, 1, seed: 2)), Symbols.Named())), times: 2);
    }

    [TestMethod]
    public void AHyperTransformerWithOtherColumnNamesLivesOnItsOwn()
    {
        var generator = Symbols.Trainer(Context).Fit(Symbols.Keyed(Context, Symbols.Draw(Symbols.MaxWays, 2)));
        var other = generator.WithColumns(labelColumnName: nameof(Symbols.Symbol.Name));
        generator.Dispose();
        generator.Dispose();
        using (var classifier = other.CreateClassifier(View(Symbols.Draw(3, 1, seed: 2))))
        {
            Assert.HasCount(3, classifier.Classes);
        }

        other.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => other.CreateClassifier(View(Symbols.Draw(3, 1, seed: 2))));
    }

    private static IDataView View(IEnumerable<Symbols.Symbol> rows) => Context.Data.LoadFromEnumerable(rows);

    private static FewShotClassifier Create(IEnumerable<Symbols.Symbol> support, Action<FewShotClassifierOptions>? change = null) =>
        TrainedModel.Generator.CreateClassifier(View(support), Symbols.Named(change));

    private static Symbols.Symbol[] Shuffled(Symbols.Symbol[] rows)
    {
        Symbols.Symbol[] shuffled = [.. rows];
        new Random(5).Shuffle(shuffled);
        return shuffled;
    }

    private static (Symbols.Symbol[] Support, Symbols.Symbol[] Queries) Task(string name, int symbols, int seed)
    {
        var rows = Symbols.Draw(symbols, 4, seed);
        Array.ForEach(rows, row => row.Task = name);
        return ([.. rows.Where((_, i) => i % 4 < 2)], [.. rows.Where((_, i) => i % 4 >= 2).Select(row => row.Unnamed())]);
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
