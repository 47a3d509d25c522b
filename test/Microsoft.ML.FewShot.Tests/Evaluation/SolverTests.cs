using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Evaluation;

/// <summary>What all ways to solve a task have in common.</summary>
[TestClass]
public class SolverTests
{
    private static readonly FewShotShape Shape = new() { ImageSize = 8, Channels = 4, Convolutions = 2, MaxWays = 5, EncoderWidth = 8 };
    private static readonly FewShotMethod[] OnTheBackbone =
        [FewShotMethod.HyperTransformer, FewShotMethod.PrototypicalNetwork, FewShotMethod.SoftKMeans, FewShotMethod.LogisticRegression];

    [TestMethod]
    public void AnInductiveAnswerDoesNotDependOnTheOtherQueries()
    {
        foreach (var (name, solver) in Solvers(transductive: false))
        {
            using var scope = NewDisposeScope();
            using (solver)
            {
                using var all = Batch(queries: 2);
                using var half = Batch(queries: 1);
                // Of each class the first query only.
                var expected = solver.Logits(all).view(1, 5, 2, 5).select(2, 0);
                TensorAssert.AreClose(expected, solver.Logits(half), 1e-5, name);
            }
        }
    }

    [TestMethod]
    public void ATransductiveAnswerDependsOnTheOtherQueries()
    {
        foreach (var (name, solver) in Solvers(transductive: true))
        {
            using var scope = NewDisposeScope();
            using (solver)
            {
                using var all = Batch(queries: 2);
                using var half = Batch(queries: 1);
                var other = solver.Logits(all).view(1, 5, 2, 5).select(2, 0);
                Assert.IsTrue(TensorAssert.RelativeError(other, solver.Logits(half)) > 1e-3, name);
            }
        }
    }

    [TestMethod]
    public void TheExtractedClassifierGivesTheSolversAnswers()
    {
        foreach (var (name, solver) in Solvers(transductive: false))
        {
            using var scope = NewDisposeScope();
            using (solver)
            {
                using var batch = Batch(queries: 2);
                using var task = solver.Solve(batch.Support, batch.Candidates);
                using var network = task.Extract(0);
                network.eval();
                TensorAssert.AreClose(solver.Logits(batch)[0].softmax(1), network.call(batch.Query[0]).softmax(1), 1e-5, name);
            }
        }
    }

    [TestMethod]
    public void SolvingLeavesNoTensorsBehind()
    {
        foreach (var (name, solver) in Solvers(transductive: false))
        {
            using (solver)
            {
                using var batch = Batch(queries: 1);
                TensorLedger.Leaves(0, () => solver.Logits(batch).Dispose());
                TensorLedger.Leaves(0, () => solver.Solve(batch.Support, batch.Candidates).Dispose());
            }
        }
    }

    [TestMethod]
    public void ATransductiveSolverLeavesTheModelAsItIs()
    {
        using var model = new HyperTransformerModel(Shape, 1);
        model.eval();
        TensorLedger.Leaves(0, () =>
        {
            using var network = new FewShotNetwork(model, FewShotMethod.HyperTransformer, null, CPU);
            using var copy = network.Share().With(FewShotNormalization.Query);
            using var solver = copy.Solver(FewShotMethod.HyperTransformer, isTransductive: true);
            using var batch = Batch(queries: 1);
            solver.Logits(batch).Dispose();
        });
        Assert.AreEqual(FewShotNormalization.Running, model.Shape.Normalization);
    }

    [TestMethod]
    public void BaselinesNeedABackboneThatWasLearned()
    {
        using var model = new HyperTransformerModel(Shape with { GeneratedLayers = 1, AddLearnedWeights = false }, 1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EmbeddingSolver.Of(FewShotMethod.PrototypicalNetwork, model));
        StringAssert.StartsWith(error.Message, "PrototypicalNetwork needs an embedding that does not depend on the support set; this hyper-transformer generates 1 ");
    }

    private static IEnumerable<(string Name, ITaskSolver Solver)> Solvers(bool transductive)
    {
        foreach (var normalization in new[] { FewShotNormalization.Running, FewShotNormalization.Support })
        {
            var model = new HyperTransformerModel(Shape with { Normalization = normalization, MetricRank = normalization == FewShotNormalization.Running ? 0 : 6 }, 1);
            using var network = new FewShotNetwork(model, FewShotMethod.HyperTransformer, null, CPU);
            using var used = transductive ? network.With(FewShotNormalization.Query) : network.Share();
            foreach (var method in OnTheBackbone)
            {
                yield return ($"{method}, {normalization}", used.Solver(method, transductive));
            }
        }

        using var maml = new MamlModel(Shape, new MamlSettings { Rate = 0.5 }, new Random(1));
        maml.eval();
        yield return ("MAML", new MetaLearnerSolver(maml, transductive));
        using var lstm = new LstmMetaLearner(Shape, new LstmSettings(), new Random(1));
        lstm.eval();
        yield return ("LSTM", new MetaLearnerSolver(lstm, transductive));
        using var lgm = new LgmNet(Shape with { ContextLength = 5 }, new Random(1));
        lgm.eval();
        yield return ("LGM-Net", new MetaLearnerSolver(lgm, transductive));
    }

    /// <summary>A task of 5 classes with 2 labelled samples and 1 without a label; with fewer queries, the first of each class.</summary>
    private static EpisodeBatch Batch(int queries)
    {
        var plan = new EpisodePlan(1, 5, 2, 1, queries);
        for (var i = 0; i < 15; i++)
        {
            for (var way = 0; way < 5; way++)
            {
                plan.Candidates[(i * 5) + way] = i >= 10 || i / 2 == way ? 1 : 0;
            }
        }

        using var scope = NewDisposeScope();
        var random = new Random(6);
        var support = Tests.Baselines.MamlCases.Noise(random, 1, 15, 1, 8, 8);
        var query = Tests.Baselines.MamlCases.Noise(random, 1, 5, 2, 1, 8, 8).narrow(1, 0, queries).reshape(5 * queries, 1, 8, 8);
        return EpisodeBatch.Create(cat([support, query], 0).to(float32), plan, CPU);
    }
}
