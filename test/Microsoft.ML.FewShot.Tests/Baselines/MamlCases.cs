using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Tests.Baselines;

/// <summary>Tiny networks in float64, and tasks for them.</summary>
internal static class MamlCases
{
    /// <summary>Images of 6x6 through two convolutions of three channels: F = 27.</summary>
    internal static FewShotShape Images { get; } = new() { ImageSize = 6, Channels = 3, Convolutions = 2, MaxWays = 5, ImageFeatures = 0 };

    internal static FewShotShape Vectors { get; } = new() { ImageSize = 0, FeatureLength = 4, HiddenUnits = 6, MaxWays = 5 };

    /// <summary>A model in training mode with noise on every parameter.</summary>
    internal static MamlModel Model(FewShotShape shape, MamlSettings settings)
    {
        var model = new MamlModel(shape, settings, new Random(1));
        TorchSharp.ModuleExtensionMethods.to((Module)model, ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var random = new Random(2);
        foreach (var (_, parameter) in model.named_parameters())
        {
            parameter.Add_(Noise(random, 0.3, parameter.shape));
        }

        model.train();
        return model;
    }

    /// <summary>Tasks of 3 classes with 2 labelled samples each, then one that may be class 0 or 1 and one without a label.</summary>
    internal static (Tensor Support, Tensor Candidates, Tensor Query) Tasks(FewShotShape shape, long tasks, int seed = 3)
    {
        var random = new Random(seed);
        long[] example = shape.IsImages ? [1, shape.ImageSize, shape.ImageSize] : [shape.FeatureLength];
        double[] rows = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1];
        var candidates = tensor(rows, [1, 8, 3]).expand(tasks, 8, 3).contiguous();
        return (Noise(random, 1, [tasks, 8, .. example]), candidates, Noise(random, 1, [tasks, 6, .. example]));
    }

    /// <summary>How a loss changes along one random direction through all inputs at once: by a central difference, and by its gradient.</summary>
    internal static (double Difference, double Slope) Slopes(Tensor[] inputs, Func<Tensor> loss)
    {
        var gradients = autograd.grad([loss()], inputs);
        var random = new Random(8);
        var direction = inputs.Select(input => Noise(random, 1, input.shape)).ToArray();
        var slope = gradients.Zip(direction, (gradient, step) => gradient.mul(step).sum().item<double>()).Sum();
        const double h = 1e-6;
        return ((At(h) - At(-2 * h)) / (2 * h), slope);

        double At(double change)
        {
            using (no_grad())
            {
                foreach (var (input, step) in inputs.Zip(direction))
                {
                    input.Add_(step.Mul(change));
                }
            }

            return loss().item<double>();
        }
    }

    /// <summary>Fails where a sample without a label changes what a model makes of a support set.</summary>
    internal static void SamplesWithoutALabelHaveNoPart(MetaLearner model)
    {
        using var scope = NewDisposeScope();
        model.eval();
        var (support, candidates, query) = Tasks(model.Shape, 2);
        // The last of the 8 has no label.
        var known = model.Logits(support.narrow(1, 0, 7), candidates.narrow(1, 0, 7), query, null);
        TensorAssert.AreClose(known, model.Logits(support, candidates, query, null), 1e-12, "scores");
        var (with, without) = (model.Solve(support, candidates), model.Solve(support.narrow(1, 0, 7), candidates.narrow(1, 0, 7)));
        TensorAssert.AreClose(without.Weight, with.Weight, 1e-12, "weights");
        foreach (var (one, other) in without.Layers.SelectMany(layer => layer.Tensors()).Zip(with.Layers.SelectMany(layer => layer.Tensors())))
        {
            TensorAssert.AreClose(one, other, 1e-12, "layers");
        }
    }

    /// <summary>Fails where scoring with a model, of <see cref="Images"/>, leaves more than its result, or a graph.</summary>
    internal static void ScoringLeavesOneTensorAndNoGraph(MetaLearner model)
    {
        model.eval();
        var (support, candidates, query) = Tasks(Images, 2);
        using var supportImages = support.to(float32);
        using var queryImages = query.to(float32);
        Tensor? scores = null;
        TensorLedger.Leaves(1, () => scores = model.Logits(supportImages, candidates, queryImages, null));
        Assert.IsFalse(scores!.requires_grad);
        scores.Dispose();
    }

    internal static Tensor Noise(Random random, double limit, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = limit * ((2 * random.NextDouble()) - 1);
        }

        return tensor(values, shape);
    }
}
