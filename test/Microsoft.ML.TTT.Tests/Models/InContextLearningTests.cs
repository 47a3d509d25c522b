using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using MLExtensions.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Models;

/// <summary>What is known of attention that learns in its context, with the mixers that are here.</summary>
[TestClass]
public sealed class InContextLearningTests
{
    private const int Inputs = 3, Width = Inputs + 1, Context = 12;

    // "Transformers learn in-context by gradient descent" (arXiv 2212.07677), proposition 1: tokens are (x, y), and the last one asks with y = 0.
    [TestMethod]
    public void OneLayerOfLinearAttentionIsOneGradientStepOnTheContext()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var layer = Constructed();
        var (tokens, _) = Tasks(new Random(1), 5);
        var (x, y, asked) = (tokens.narrow(1, 0, Context).narrow(2, 0, Inputs), tokens.narrow(1, 0, Context).narrow(2, Inputs, 1), tokens.narrow(1, Context, 1).narrow(2, 0, Inputs));
        // W - rate ∂/∂W ½ Σ (W x - y)² from W = 0; the layer's constant normaliser is the number of tokens times the width of its head.
        var weights = y.mul(x).sum(1, true).Mul(1.0 / ((Context + 1) * Width));                         // [B, 1, 3]
        TensorAssert.AreClose(weights.mul(asked).sum(2), layer.call(tokens).select(1, Context).narrow(1, Inputs, 1), 1e-12, "prediction");
    }

    // The same paper, section 3: what training finds is no better than that step with the best rate, and comes to it.
    [TestMethod]
    public void TrainedOnLinearTasksALayerComesToTheLossOfTheBestStep()
    {
        using var scope = NewDisposeScope();
        using var layer = new LinearAttention(new MixerShape(Width, 1), elu: false, new Random(3));
        Train(layer, steps: 1500, tasks: 512);
        using var none = no_grad();
        var (tokens, targets) = Tasks(new Random(1_000), 20_000);
        using var constructed = Constructed();
        var predicted = constructed.call(tokens).select(1, Context).select(1, Inputs);
        var best = predicted.mul(targets).sum().div(predicted.Square().sum());
        var ofStep = predicted.mul(best).sub(targets).Square().mean().item<double>();
        var ofLayer = Predictions(layer, tokens.to(float32)).to(float64).sub(targets).Square().mean().item<double>();
        Assert.IsLessThan(1.02, ofLayer / ofStep, $"the layer {ofLayer:F4}, the step {ofStep:F4}, no answer {targets.Square().mean().item<double>():F4}");
        Assert.IsGreaterThan(0.98, ofLayer / ofStep);
    }

    // "How do Transformers Perform In-Context Autoregressive Learning?" (arXiv 2402.05787): s' = W s with a rotation W that the context alone tells.
    [TestMethod]
    public void TheMesaLayerRecoversTheMapOfASequence()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        const int Length = 20, Size = 4;
        var rotation = linalg.qr(MixerCases.Noise(new Random(4), 1, Size, Size)).Q;
        var states = new List<Tensor> { MixerCases.Noise(new Random(5), 1, Size) };
        for (var t = 1; t <= Length; t++)
        {
            states.Add(rotation.matmul(states[^1]));
        }

        var sequence = stack([.. states]).unsqueeze(0);                                                  // [1, 21, 4]
        var (before, after) = (sequence.narrow(1, 0, Length), sequence.narrow(1, 1, Length));
        var next = MesaAttention.Mix(after.narrow(1, Length - 1, 1), before, after, ones([1, Length, 1], float64), ones([1, 1, Size], float64).Mul(1e-10));
        TensorAssert.AreClose(rotation.matmul(states[^1]), next.view(Size), 1e-6, "the next state");
    }

    // One step is linear attention, more come nearer, and the last is the closed form.
    [TestMethod]
    public void StepsOfTheLinearInnerModelConvergeToMesa()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        const int Tokens = 40, K = 4;
        var random = new Random(6);
        var (q, k, v) = (MixerCases.Noise(random, 1, 2, Tokens, K), MixerCases.Noise(random, 1, 2, Tokens, K), MixerCases.Noise(random, 1, 2, Tokens, K));
        var strengths = MixerCases.Noise(random, 1, 2, Tokens, 1).sigmoid();
        var ridges = MixerCases.Noise(random, 0.5, 2, 1, K).Add(1);
        var expected = MesaAttention.Mix(q, k, v, strengths, ridges);
        // Half the gradient of Σ β |Wᵀ k - v|² + Σ Λ |W|², at a rate below 1 / its largest curvature.
        const double rate = 0.03;
        var weights = zeros([2, K, K], float64);
        double last = double.PositiveInfinity;
        foreach (var steps in new[] { 1, 1, 2, 4, 8, 16, 32, 64, 2_000 })
        {
            for (var step = 0; step < steps; step++)
            {
                var wrong = k.bmm(weights).sub(v).mul(strengths);
                weights = weights.sub(k.transpose(1, 2).bmm(wrong).Add(weights.mul(ridges.transpose(1, 2))).Mul(rate));
            }

            if (double.IsInfinity(last))
            {
                TensorAssert.AreClose(LinearAttention.Mix(q, k, v.mul(strengths), rate), q.bmm(weights), 1e-12, "one step");
            }

            var error = TensorAssert.RelativeError(expected, q.bmm(weights));
            Assert.IsLessThan(last, error);
            last = error;
        }

        Assert.IsLessThan(1e-12, last);
    }

    // The related work's "test like you train": what the outer training has learned, it has learned for so many inner steps.
    [TestMethod]
    public void MoreInnerStepsThanInTrainingDoNotHelp()
    {
        using var scope = NewDisposeScope();
        const int trained = 2;
        using var layer = With(trained);
        Train(layer, steps: 600, tasks: 256);
        using var none = no_grad();
        var (tokens, targets) = Tasks(new Random(1_000), 20_000);
        var losses = new Dictionary<int, double>();
        foreach (var steps in new[] { 1, trained, 3, 4, 8 })
        {
            using var other = With(steps);
            other.load_state_dict(layer.state_dict());
            losses[steps] = Predictions(other, tokens.to(float32)).to(float64).sub(targets).Square().mean().item<double>();
        }

        Assert.AreEqual(trained, losses.MinBy(entry => entry.Value).Key, string.Join(", ", losses));

        static Mixer With(int steps) => TokenMixers.Create(TokenMixer.TttLinear, new MixerShape(Width, 1) { Inner = new InnerLearning { Steps = steps } }, new Random(3))!;
    }

    private static void Train(Mixer layer, int steps, int tasks)
    {
        var random = new Random(2);
        using var optimizer = new AdamWOptimizer([.. layer.named_parameters().Select(entry => new TrainableParameter(entry.name, entry.parameter, ParameterKind.Other))], new OptimizerSettings { LearningRate = 0.02 });
        for (var step = 0; step < steps; step++)
        {
            using var each = NewDisposeScope();
            var (batch, answers) = Tasks(random, tasks);
            layer.zero_grad();
            Predictions(layer, batch.to(float32)).sub(answers.to(float32)).Square().mean().backward();
            optimizer.Step((1 + Math.Cos(Math.PI * step / steps)) / 2);
        }
    }

    private static Tensor Predictions(Mixer layer, Tensor tokens) => layer.call(tokens).select(1, Context).select(1, Inputs);

    // Queries and keys are x, values are y.
    private static LinearAttention Constructed()
    {
        var layer = new LinearAttention(new MixerShape(Width, 1), elu: false, new Random(0));
        layer.to(ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var maps = layer.get_parameter("qkv")!.Fill_(0);
        for (var input = 0; input < Inputs; input++)
        {
            maps[0, input, input].Fill_(1);
            maps[1, input, input].Fill_(1);
        }

        maps[2, Inputs, Inputs].Fill_(1);
        layer.get_parameter("output.weight")!.copy_(eye(Width, Width, float64));
        return layer;
    }

    // Tokens (x, w·x) and one that asks, [B, 13, 4], with the answers [B].
    private static (Tensor Tokens, Tensor Answers) Tasks(Random random, int count)
    {
        using var scope = NewDisposeScope();
        var x = Normal(random, count, Context + 1, Inputs);
        var y = x.mul(Normal(random, count, 1, Inputs)).sum(2, true);                                    // [B, 13, 1]
        var answers = y.select(1, Context).squeeze(1);
        var known = cat([y.narrow(1, 0, Context), zeros([count, 1, 1], float64)], 1);
        return (cat([x, known], 2).MoveToOuterDisposeScope(), answers.MoveToOuterDisposeScope());
    }

    private static Tensor Normal(Random random, params long[] shape)
    {
        var values = new double[shape.Aggregate((product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return tensor(values, shape);
    }
}
