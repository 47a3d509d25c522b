using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

/// <summary>What the processes of a team compute together is what one computes alone, in float64.</summary>
[TestClass]
public sealed class TeamTests
{
    private const int Rows = 7;

    [TestMethod]
    [DataRow(1, 7)]
    [DataRow(3, 7)]
    [DataRow(4, 4)]
    public void PartsAreAsEqualAsCanBeAndFollowEachOther(int size, int total)
    {
        var parts = ThreadGroup.Run(size, group => new Team(group).Part(total, "rows"));
        var next = 0;
        foreach (var (first, count) in parts)
        {
            Assert.AreEqual(next, first);
            Assert.IsLessThanOrEqualTo(1, Math.Abs(count - ((double)total / size)));
            next += count;
        }

        Assert.AreEqual(total, next);
    }

    [TestMethod]
    public void ABatchWithFewerThanProcessesIsRefused()
    {
        var error = Assert.ThrowsExactly<AggregateException>(() => ThreadGroup.Run(3, group => new Team(group).Part(2, "tasks"))).InnerException!;
        Assert.AreEqual("A batch has 2 tasks, which 3 processes cannot divide: each needs one at least. Use larger batches or fewer processes.", error.Message);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void BatchNormalisationOfPartsIsThatOfTheWholeBatchWithItsGradients(int size)
    {
        var alone = Normalized(Team.Alone);
        foreach (var (rank, part) in ThreadGroup.Run(size, group => Normalized(new Team(group))).Index())
        {
            var (first, count) = ((int)((long)Rows * rank / size), part.Length(0));
            TensorAssert.AreClose(alone.Output.narrow(0, first, count), part.Output, 1e-12, "normalised");
            TensorAssert.AreClose(alone.Mean, part.Mean, 1e-12, "running mean");
            TensorAssert.AreClose(alone.Variance, part.Variance, 1e-12, "running variance");
            TensorAssert.AreClose(alone.Input.narrow(0, first, count), part.Input, 1e-12, "gradient by the images");
            TensorAssert.AreClose(alone.Weight, part.Weight, 1e-12, "gradient by the weight");
            TensorAssert.AreClose(alone.Bias, part.Bias, 1e-12, "gradient by the bias");
        }
    }

    [TestMethod]
    public void GatheredRowsAreAllRowsAndEachGetsTheGradientOfItsOwn()
    {
        // A loss of all pairs, which no sum over parts is.
        var weights = Drawn(3, Rows, Rows);
        Tensor Loss(Tensor rows) => rows.matmul(rows.t()).sigmoid().mul(weights).sum();
        var all = Drawn(4, Rows, 3).requires_grad_();
        var wanted = autograd.grad([Loss(all)], [all])[0];
        ThreadGroup.Run(3, group =>
        {
            var team = new Team(group);
            var (first, count) = team.Part(Rows, "rows");
            var own = all.detach().narrow(0, first, count).clone().requires_grad_();
            var gathered = team.Gather(own, first, Rows);
            TensorAssert.AreClose(all.detach(), gathered.detach(), 0, "rows");
            // Everybody has the whole loss: a third of it is each one's.
            var gradient = autograd.grad([Loss(gathered).Mul(1.0 / 3)], [own])[0];
            TensorAssert.AreClose(wanted.narrow(0, first, count), gradient, 1e-12, "gradient");
            return 0;
        });
    }

    [TestMethod]
    public void GradientsAreSummedAndOneThatNobodyHasStaysAway()
    {
        ThreadGroup.Run(3, group =>
        {
            using var scope = NewDisposeScope();
            Parameter[] parameters = [.. Enumerable.Range(0, 3).Select(_ => new Parameter(zeros([2, 2], float32)))];
            parameters[0].grad = ones([2, 2], float32).Mul(group.Rank + 1);
            if (group.Rank == 1)
            {
                parameters[1].grad = ones([2, 2], float32).Mul(5);
            }

            new Team(group).SumGradients(parameters);
            CollectionAssert.AreEqual(new float[] { 6, 6, 6, 6 }, parameters[0].grad!.data<float>().ToArray());
            CollectionAssert.AreEqual(new float[] { 5, 5, 5, 5 }, parameters[1].grad!.data<float>().ToArray());
            Assert.IsNull(parameters[2].grad);
            return 0;
        });
    }

    [TestMethod]
    public void AveragesAreOfFloatingPointTensorsOnly()
    {
        ThreadGroup.Run(2, group =>
        {
            using var scope = NewDisposeScope();
            var (values, steps) = (ones([3], float32).Mul(group.Rank * 2), tensor(new long[] { group.Rank }));
            new Team(group).Average([values, steps]);
            CollectionAssert.AreEqual(new float[] { 1, 1, 1 }, values.data<float>().ToArray());
            Assert.AreEqual(group.Rank, steps.item<long>());
            return 0;
        });
    }

    [TestMethod]
    public void TensorsThatDifferInOneBitOfOneProcessAreFoundByAll()
    {
        var found = ThreadGroup.Run(3, group =>
        {
            using var scope = NewDisposeScope();
            var team = new Team(group);
            var values = ones([5], float32);
            team.CheckEqual([("a", values)]);
            values.narrow(0, 2, 1).Fill_(group.Rank == 1 ? MathF.BitIncrement(1) : 1);
            return Assert.ThrowsExactly<InvalidOperationException>(() => team.CheckEqual([("a", values)])).Message;
        });
        StringAssert.StartsWith(found[0], "The processes of the group no longer have the same weights.");
    }

    [TestMethod]
    public void TheFirstProcessesTensorsAreGivenToAll()
    {
        ThreadGroup.Run(2, group =>
        {
            using var scope = NewDisposeScope();
            var values = ones([2, 3], float32).Mul(group.Rank + 7).t();
            new Team(group).Broadcast([values]);
            Assert.AreEqual(42, values.sum().item<float>());
            return 0;
        });
    }

    private static Layer Normalized(Team team)
    {
        var (first, count) = team.Part(Rows, "rows");
        var x = Drawn(1, Rows, 3, 2, 2).narrow(0, first, count).clone().requires_grad_();
        var (weight, bias) = (Drawn(2, 3).requires_grad_(), Drawn(3, 3).requires_grad_());
        var (mean, variance) = (Drawn(4, 3), Drawn(5, 3).abs());
        var y = team.IsAlone ? nn.functional.batch_norm(x, mean, variance, weight, bias, true, 0.1, 1e-3) : team.Normalize(x, mean, variance, weight, bias, 0.1, 1e-3);
        var loss = y.mul(Drawn(6, Rows, 3, 2, 2).narrow(0, first, count)).sum();
        var gradients = autograd.grad([loss], [x, weight, bias]);
        return new Layer(y.detach(), mean, variance, gradients[0], team.Sum(gradients[1]), team.Sum(gradients[2]));
    }

    private static Tensor Drawn(int seed, params long[] shape)
    {
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(_ => (random.NextDouble() * 2) - 1).ToArray(), shape);
    }

    private sealed record Layer(Tensor Output, Tensor Mean, Tensor Variance, Tensor Input, Tensor Weight, Tensor Bias)
    {
        public long Length(int dimension) => Output.size(dimension);
    }
}
