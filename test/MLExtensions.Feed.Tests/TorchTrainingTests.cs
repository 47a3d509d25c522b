using MLExtensions.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLExtensions.Feed.Tests;

/// <summary>Losses, layers' arithmetic, clipping and the optimizer, against values worked out by hand.</summary>
[TestClass]
public sealed class TorchTrainingTests
{
    [TestMethod]
    public void AdamWTakesTheStepsOfItsFormula()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor(new double[] { 1, -2 }));
        using var optimizer = optim.AdamW([parameter], lr: 0.1, weight_decay: 0.5);
        double[] gradients = [0.5, -4, -1, 2];
        double[] x = [1, -2], mean = [0, 0], square = [0, 0];
        for (int step = 1; step <= 2; step++)
        {
            parameter.grad = tensor(gradients[(2 * (step - 1))..(2 * step)]);
            optimizer.step();
            for (int i = 0; i < 2; i++)
            {
                double g = gradients[(2 * (step - 1)) + i];
                x[i] *= 1 - (0.1 * 0.5);
                mean[i] = (0.9 * mean[i]) + (0.1 * g);
                square[i] = (0.999 * square[i]) + (0.001 * g * g);
                double scale = (Math.Sqrt(square[i]) / Math.Sqrt(1 - Math.Pow(0.999, step))) + 1e-8;
                x[i] -= 0.1 / (1 - Math.Pow(0.9, step)) * mean[i] / scale;
            }

            TensorAssert.AreClose(tensor(x), parameter, 1e-14, $"step {step}");
        }
    }

    [TestMethod]
    public void GroupsHaveTheirOwnRatesAndParametersWithoutGradientStay()
    {
        using var scope = NewDisposeScope();
        var (fast, slow, idle) = (new Parameter(zeros(1)), new Parameter(zeros(1)), new Parameter(zeros(1)));
        using var optimizer = optim.AdamW(
            [new AdamW.ParamGroup([fast, idle], lr: 1), new AdamW.ParamGroup([slow], lr: 1, weight_decay: 0.1)]);
        optimizer.ParamGroups.Last().LearningRate = 0.25;
        (fast.sum() + slow.sum()).backward();
        optimizer.step();
        Assert.AreEqual(-1, fast.item<float>(), 1e-6);
        Assert.AreEqual(-0.25, slow.item<float>(), 1e-6);
        Assert.AreEqual(0f, idle.item<float>());
        CollectionAssert.AreEqual(
            new long[] { 1, 0, 1 }, optimizer.state_dict().State.Select(state => ((AdamW.State)state).step).ToArray());
        optimizer.zero_grad();
        Assert.AreEqual(0f, fast.grad!.item<float>());
    }

    [TestMethod]
    public void AStepLeavesNoTensorsBehind()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(4));
        using var optimizer = optim.AdamW([parameter]);
        using (NewDisposeScope()) parameter.sum().backward();
        TensorLedger.Leaves(0, () => optimizer.step());
    }

    [TestMethod]
    public void ClippingScalesGradientsToTheJointNormAndGivesTheOldOne()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (new Parameter(zeros(1)), new Parameter(zeros(1)));
        (a.grad, b.grad) = (tensor(new float[] { 3 }), tensor(new float[] { 4 }));
        Assert.AreEqual(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        Assert.AreEqual(0.6, a.grad!.item<float>(), 1e-6);
        Assert.AreEqual(0.8, b.grad!.item<float>(), 1e-6);
        Assert.AreEqual(1, nn.utils.clip_grad_norm_([a, b], 10), 1e-6);
        Assert.AreEqual(0.6, a.grad!.item<float>(), 1e-6);
    }

    [TestMethod]
    public void CrossEntropyWithLabelSmoothingMixesTheTargetWithAllClasses()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new double[] { 1, 2, 3, 0.5, -1, 2 }, new long[] { 2, 3 });
        var labels = tensor(new long[] { 2, 0 });
        var logs = scores.log_softmax(1);
        var hit = logs.gather(1, labels.unsqueeze(1)).mean();
        Assert.AreEqual(-hit.item<double>(), nn.functional.cross_entropy(scores, labels).item<double>(), 1e-14);
        Assert.AreEqual(
            (-0.9 * hit.item<double>()) - (0.1 * logs.mean().item<double>()),
            nn.functional.cross_entropy(scores, labels, label_smoothing: 0.1).item<double>(), 1e-14);
    }

    [TestMethod]
    public void LayerNormHasMeanZeroAndVarianceOne()
    {
        using var scope = NewDisposeScope();
        var x = arange(8, ScalarType.Float64).view(2, 4);
        var y = nn.functional.layer_norm(x, [4], eps: 0);
        TensorAssert.AreClose(zeros(2, ScalarType.Float64), y.mean([1]), 1e-14, "mean");
        TensorAssert.AreClose(ones(2, ScalarType.Float64), (y * y).mean([1]), 1e-14, "variance");
    }

    [TestMethod]
    public void AConvolutionWithAnIdentityKernelAndPaddingIsTheInput()
    {
        using var scope = NewDisposeScope();
        var image = arange(16, ScalarType.Float64).view(1, 1, 4, 4);
        var kernel = nn.functional.pad(ones(1, 1, 1, 1, ScalarType.Float64), [1, 1, 1, 1]);
        Assert.IsTrue(nn.functional.conv2d(image, kernel, padding: [1, 1]).allclose(image));
        CollectionAssert.AreEqual(new long[] { 1, 1, 2, 2 }, nn.functional.conv2d(image, kernel, strides: [2, 2], padding: [1, 1]).shape);
    }

    [TestMethod]
    public void MaximumPoolingTakesTheLargestOfEachSquareAndItsGradientGoesThere()
    {
        using var scope = NewDisposeScope();
        var image = tensor(new double[] { 1, 5, -1, -2, 3, 2, -3, -4, 0, 0, 7, 8, 0, 9, 6, 5 }, new long[] { 1, 1, 4, 4 }).requires_grad_(true);
        var largest = nn.functional.max_pool2d(image, 2);
        CollectionAssert.AreEqual(new long[] { 1, 1, 2, 2 }, largest.shape);
        CollectionAssert.AreEqual(new double[] { 5, -1, 9, 8 }, TensorAssert.ToArray(largest));
        largest.sum().backward();
        CollectionAssert.AreEqual(new double[] { 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0 }, TensorAssert.ToArray(image.grad!));
    }

    [TestMethod]
    public void MaximumPoolingStepsByItsWindowAndLeavesOutWhatIsOverUnlessAsked()
    {
        using var scope = NewDisposeScope();
        var image = arange(25, ScalarType.Float32).view(1, 1, 5, 5);
        CollectionAssert.AreEqual(new double[] { 6, 8, 16, 18 }, TensorAssert.ToArray(nn.functional.max_pool2d(image, 2)));
        CollectionAssert.AreEqual(new double[] { 6, 8, 9, 16, 18, 19, 21, 23, 24 }, TensorAssert.ToArray(nn.functional.max_pool2d(image, 2, ceil_mode: true)));
        CollectionAssert.AreEqual(new double[] { 12, 14, 22, 24 }, TensorAssert.ToArray(nn.functional.max_pool2d(image, 3, stride: 2)));
        CollectionAssert.AreEqual(new double[] { 6, 8, 9, 16, 18, 19, 21, 23, 24 }, TensorAssert.ToArray(nn.functional.max_pool2d(image, 3, stride: 2, padding: 1)));
    }

    [TestMethod]
    public void HalvingAnImageBilinearlyAveragesFourPixels()
    {
        using var scope = NewDisposeScope();
        var image = arange(16, ScalarType.Float32).view(1, 1, 4, 4);
        var half = nn.functional.interpolate(image, [2, 2], mode: InterpolationMode.Bilinear, align_corners: false);
        CollectionAssert.AreEqual(new double[] { 2.5, 4.5, 10.5, 12.5 }, TensorAssert.ToArray(half));
    }

    [TestMethod]
    public void LinearLayersMultiplyByTheTransposedWeights()
    {
        using var scope = NewDisposeScope();
        var (x, w, b) = (tensor(new double[] { 1, 2 }, new long[] { 1, 2 }), tensor(new double[,] { { 3, 4 }, { 5, 6 } }), tensor(new double[] { 10, 20 }));
        CollectionAssert.AreEqual(new double[] { 21, 37 }, TensorAssert.ToArray(nn.functional.linear(x, w, b)));
    }

    [TestMethod]
    public void ActivationsHaveTheirKnownValues()
    {
        using var scope = NewDisposeScope();
        var one = tensor(new double[] { 1 });
        Assert.AreEqual(0.8413447460685429, nn.functional.gelu(one).item<double>(), 1e-12);
        Assert.AreEqual(0.7310585786300049, nn.functional.silu(one).item<double>(), 1e-12);
        Assert.AreEqual(-0.6321205588285577, (-one).elu().item<double>(), 1e-12);
        Assert.AreEqual(Math.E, one.exp().item<double>(), 1e-12);
        CollectionAssert.AreEqual(new double[] { 3, 2 }, TensorAssert.ToArray(tensor(new double[] { 3, 1 }).maximum(tensor(new double[] { -4, 2 }))));
        CollectionAssert.AreEqual(new double[] { 0, 0, 2 }, TensorAssert.ToArray(tensor(new double[] { -1, 0, 2 }).relu()));
    }
}
