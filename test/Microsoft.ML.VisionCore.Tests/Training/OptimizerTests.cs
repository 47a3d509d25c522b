using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Training;

[TestClass]
public sealed class OptimizerTests
{
    private static readonly OptimizerSettings Settings = new() { LearningRate = 0.1, MatrixLearningRate = 0.5, WeightDecay = 0.2 };

    [TestMethod]
    public void AParameterWithALearningRateScaleMovesAsMuchFartherInAdamW()
    {
        using var scope = NewDisposeScope();
        var (plain, fast, bias) = (new Parameter(zeros(2, 2)), new Parameter(zeros(2, 2)), new Parameter(zeros(2)));
        using var adam = new AdamWOptimizer(
            [new("plain", plain, ParameterKind.Matrix), new("fast", fast, ParameterKind.Matrix, LearningRateScale: 3), new("bias", bias, ParameterKind.Other, LearningRateScale: 0.5)],
            new OptimizerSettings { LearningRate = 0.01 });

        SetGradient(plain, ones(2, 2));
        SetGradient(fast, ones(2, 2));
        SetGradient(bias, ones(2));
        adam.Step(0.5);

        // Adam's first step is the rate in the direction of the gradient's sign.
        AssertClose(TensorArithmetic.Full([2, 2], -0.005, float32), plain, 1e-7);
        AssertClose(TensorArithmetic.Full([2, 2], -0.015, float32), fast, 1e-7);
        AssertClose(TensorArithmetic.Full([2], -0.0025, float32), bias, 1e-7);
        CollectionAssert.AreEqual(
            new[] { "plain", "fast", "bias" },
            adam.Save().Select(pair => pair.Name).Where(name => name.StartsWith("adamw.mean.", StringComparison.Ordinal)).Select(name => name["adamw.mean.".Length..]).ToArray());
    }

    [TestMethod]
    public void MuonStepIsTheOrthogonalisedNesterovMomentum()
    {
        using var scope = NewDisposeScope();
        var matrix = new Parameter(zeros(2, 2));
        using var muon = new MuonOptimizer([new("matrix", matrix, ParameterKind.Matrix)], Settings);
        var gradient = tensor(new float[] { 3, 1, 0, 4 }, [2, 2]);

        SetGradient(matrix, gradient);
        muon.Step(0.5);

        // m = 0.05 g; u = 0.05 g + 0.95 m points along g; square, so the factor is 1
        var expected = NewtonSchulz.Orthogonalize(gradient.unsqueeze(0)).squeeze(0).Mul(-0.25);
        AssertClose(expected, matrix, 1e-6);

        var second = tensor(new float[] { 0, 1, 2, 0 }, [2, 2]);
        SetGradient(matrix, second);
        muon.Step(1);
        var momentum = gradient.Mul(0.05 * 0.95).Add(second.Mul(0.05));
        var direction = second.Mul(0.05).Add(momentum.Mul(0.95));
        AssertClose(expected.sub(NewtonSchulz.Orthogonalize(direction.unsqueeze(0)).squeeze(0).Mul(0.5)), matrix, 1e-5);
    }

    [TestMethod]
    public void TallMatricesTakeLargerMuonSteps()
    {
        using var scope = NewDisposeScope();
        var gradient = TestTensors.Uniform(3, 8, 2);
        var tall = new Parameter(zeros(8, 2));
        using var muon = new MuonOptimizer([new("tall", tall, ParameterKind.Matrix)], Settings);

        SetGradient(tall, gradient);
        muon.Step(1);

        AssertClose(NewtonSchulz.Orthogonalize(gradient.unsqueeze(0)).squeeze(0).Mul(-0.5 * 2), tall, 1e-5);
    }

    [TestMethod]
    public void MuonTreatsHeadsOneByOneAndKernelsAsMatrices()
    {
        using var scope = NewDisposeScope();
        var heads = new Parameter(zeros(3, 4, 2));
        var kernel = new Parameter(zeros(4, 2, 3, 3));
        using var muon = new MuonOptimizer([new("heads", heads, ParameterKind.Matrix), new("kernel", kernel, ParameterKind.Matrix)], Settings);
        var (headGradient, kernelGradient) = (TestTensors.Uniform(4, 3, 4, 2), TestTensors.Uniform(5, 4, 2, 3, 3));

        SetGradient(heads, headGradient);
        SetGradient(kernel, kernelGradient);
        muon.Step(1);

        AssertClose(NewtonSchulz.Orthogonalize(headGradient).Mul(-0.5), heads, 1e-5);
        AssertClose(NewtonSchulz.Orthogonalize(kernelGradient.reshape(1, 4, 18)).reshape(4, 2, 3, 3).Mul(-0.5), kernel, 1e-5);
    }

    [TestMethod]
    public void MatricesOfOneShapeStepAsIfEachWereAlone()
    {
        using var scope = NewDisposeScope();
        var together = Enumerable.Range(0, 3).Select(_ => new Parameter(zeros(4, 6))).ToArray();
        var alone = Enumerable.Range(0, 3).Select(_ => new Parameter(zeros(4, 6))).ToArray();
        using var group = new MuonOptimizer(together.Select((p, i) => new TrainableParameter($"{i}", p, ParameterKind.Matrix)), Settings);
        for (var i = 0; i < 3; i++)
        {
            using var single = new MuonOptimizer([new("alone", alone[i], ParameterKind.Matrix)], Settings);
            var gradient = TestTensors.Uniform(10 + i, 4, 6);
            SetGradient(together[i], gradient);
            SetGradient(alone[i], gradient);
            single.Step(1);
        }

        group.Step(1);
        for (var i = 0; i < 3; i++)
        {
            AssertClose(alone[i], together[i], 1e-6);
        }
    }

    [TestMethod]
    public void AdamWDecaysKernelsAndNothingElse()
    {
        using var scope = NewDisposeScope();
        var kernel = new Parameter(ones(3));
        var bias = new Parameter(ones(3));
        using var adam = new AdamWOptimizer([new("bias", bias, ParameterKind.Other), new("kernel", kernel, ParameterKind.Kernel)], Settings);

        SetGradient(kernel, zeros(3));
        SetGradient(bias, zeros(3));
        adam.Step(0.5);

        Assert.AreEqual(1, bias.mean().item<float>(), 1e-7);
        Assert.AreEqual(1 - (0.5 * 0.1 * 0.2), kernel.mean().item<float>(), 1e-6);
    }

    [TestMethod]
    public void TheFirstAdamWStepHasTheSizeOfTheRate()
    {
        using var scope = NewDisposeScope();
        var bias = new Parameter(zeros(2));
        using var adam = new AdamWOptimizer([new("bias", bias, ParameterKind.Other)], Settings);

        SetGradient(bias, tensor(new float[] { 0.01f, -5 }));
        adam.Step(0.5);

        Assert.AreEqual(-0.05, bias[0].item<float>(), 1e-6);
        Assert.AreEqual(0.05, bias[1].item<float>(), 1e-6);
    }

    [TestMethod]
    [DataRow(12, false)]
    [DataRow(12, true)]
    [DataRow(70_004, false)]
    [DataRow(70_004, true)]
    public void AdamWMovesAsTorchsOwnDoes(int count, bool transposed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        Tensor Draw()
        {
            var drawn = tensor(Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1).ToArray(), [2, count / 2]);
            return transposed ? drawn.t() : drawn;
        }

        var start = Draw();
        var (own, theirs) = (new Parameter(start.clone()), new Parameter(start.clone()));
        using var adam = new AdamWOptimizer([new("kernel", own, ParameterKind.Kernel)], Settings);
        using var reference = optim.AdamW([theirs], Settings.LearningRate, Settings.Beta1, Settings.Beta2, Settings.Epsilon, Settings.WeightDecay);
        for (var step = 0; step < 20; step++)
        {
            var gradient = Draw();
            SetGradient(own, gradient);
            SetGradient(theirs, gradient);
            adam.Step(1);
            reference.step();
        }

        AssertClose(theirs, own, 1e-6); // another order of the same products
    }

    [TestMethod]
    [DataRow(OptimizerKind.Muon)]
    [DataRow(OptimizerKind.AdamW)]
    public void ASavedOptimizerGoesOnAsTheOriginal(object kind)
    {
        using var scope = NewDisposeScope();
        var settings = Settings with { Kind = (OptimizerKind)kind };
        var (original, copy) = (new Pair(), new Pair());
        using var first = Optimizers.Create(original.Parameters, settings);
        original.SetGradients(1);
        first.Step(1);

        copy.CopyFrom(original);
        using var second = Optimizers.Create(copy.Parameters, settings);
        second.Load(first.Save().ToDictionary(pair => pair.Name, pair => pair.Value));
        foreach (var (pair, optimizer) in new[] { (original, first), (copy, second) })
        {
            pair.SetGradients(2);
            optimizer.Step(0.7);
        }

        Assert.IsTrue(original.Matrix.eq(copy.Matrix).all().item<bool>());
        Assert.IsTrue(original.Bias.eq(copy.Bias).all().item<bool>());
    }

    [TestMethod]
    public void AMissingOptimizerTensorIsNamed()
    {
        using var scope = NewDisposeScope();
        using var optimizer = Optimizers.Create(new Pair().Parameters, Settings);

        var error = Assert.ThrowsExactly<FormatException>(() => optimizer.Load(new Dictionary<string, Tensor>()));

        Assert.AreEqual("The saved tensor 'muon.momentum.matrix' is missing.", error.Message);
    }

    private static void SetGradient(Parameter parameter, Tensor gradient) => parameter.grad = gradient.clone();

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Assert.IsLessThan(tolerance, (expected - actual).abs().max().item<float>());

    private sealed class Pair
    {
        public Parameter Matrix { get; } = new(zeros(4, 6));

        public Parameter Bias { get; } = new(zeros(4));

        public IReadOnlyList<TrainableParameter> Parameters => [new("matrix", Matrix, ParameterKind.Matrix), new("bias", Bias, ParameterKind.Other)];

        public void SetGradients(int seed)
        {
            SetGradient(Matrix, TestTensors.Uniform(seed, 4, 6));
            SetGradient(Bias, TestTensors.Uniform(seed + 100, 4));
        }

        public void CopyFrom(Pair other)
        {
            using var detached = no_grad();
            Matrix.copy_(other.Matrix);
            Bias.copy_(other.Bias);
        }
    }
}
