using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Models;

/// <summary>The inner losses against gradient descent on the start weights themselves, by autograd: what they say after a step is what they say before the first from the weights that step led to.</summary>
[TestClass]
public class InnerLossTests
{
    private const int Tokens = 16;

    private static readonly string[] StartNames = ["start", "start_weight1", "start_bias1", "start_weight2", "start_bias2", "start_glu", "start_conv"];

    public static IEnumerable<object[]> Cases => MixerCases.TestTimeTraining().Where(entry => entry.Inner.HasLearnedStart(entry.Mixer)).Select(entry => new object[] { entry.Name });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EachStepGoesDownTheSlopeOfTheLoss(string name)
    {
        using var scope = NewDisposeScope();
        var (_, mixer, inner) = MixerCases.TestTimeTraining().Single(entry => entry.Name == name);
        var layer = MixerCases.Create(mixer, inner);
        var tokens = MixerCases.Noise(new Random(3), 1, 1, Tokens, MixerCases.Width);
        var losses = layer.InnerLoss(tokens)!;
        CollectionAssert.AreEqual(new long[] { inner.Steps + 1, MixerCases.HeadCount, 1, Tokens }, losses.shape);
        var batches = InnerLoop.Batches(Tokens, inner);
        for (var step = 0; step < inner.Steps; step++)
        {
            var index = tensor(batches[step] ?? [.. Enumerable.Range(0, Tokens)]);
            Descend(layer, inner, tokens, losses => losses.index_select(2, index).mean([2]).sum(), (_, slope) => slope);
            TensorAssert.AreClose(losses[step + 1], layer.InnerLoss(tokens)![0], 1e-9, $"after step {step + 1}");
        }
    }

    [TestMethod]
    public void TheStepOfViT3GoesDownTheClippedSlope()
    {
        using var scope = NewDisposeScope();
        var inner = new InnerLearning { StepSize = 0.7 };
        var layer = MixerCases.Create(TokenMixer.ViT3, inner);
        var tokens = MixerCases.Noise(new Random(3), 1, 1, Tokens, MixerCases.Width);
        var losses = layer.InnerLoss(tokens)!;
        CollectionAssert.AreEqual(new long[] { 2, MixerCases.HeadCount + 1, 1, Tokens }, losses.shape);
        Descend(layer, inner, tokens, losses => losses.mean([2]).sum(), (name, slope) =>
            slope.div(slope.Square().sum(name == "start_conv" ? [1, 2, 3] : [1], keepdim: true).sqrt().Add(1)));
        TensorAssert.AreClose(losses[1], layer.InnerLoss(tokens)![0], 1e-9, "after the step");
    }

    [TestMethod]
    public void AModelThatStartsAtZeroBeginsWithTheSizeOfTheTokens()
    {
        using var scope = NewDisposeScope();
        var layer = MixerCases.Create(TokenMixer.TttLinear, new InnerLearning());
        var tokens = MixerCases.Noise(new Random(3), 1, 2, Tokens, MixerCases.Width);
        var bias = layer.get_parameter("task.decoder_bias")!;
        var expected = tokens.sub(bias).Square().sum([2]).Div(2 * MixerCases.Width / MixerCases.HeadCount).expand(MixerCases.HeadCount, 2, Tokens);
        TensorAssert.AreClose(expected, layer.InnerLoss(tokens)![0], 1e-12, "before the first step");
    }

    [TestMethod]
    public void MixersThatDoNotLearnInStepsHaveNone()
    {
        using var scope = NewDisposeScope();
        var tokens = MixerCases.Noise(new Random(3), 1, 1, Tokens, MixerCases.Width);
        foreach (var mixer in Enum.GetValues<TokenMixer>().Except([TokenMixer.None, TokenMixer.TttLinear, TokenMixer.TttMlp, TokenMixer.ViT3]))
        {
            Assert.IsNull(MixerCases.Create(mixer, new InnerLearning()).InnerLoss(tokens), $"{mixer}");
        }
    }

    // One step of the start weights of a layer.
    private static void Descend(Mixer layer, InnerLearning inner, Tensor tokens, Func<Tensor, Tensor> loss, Func<string, Tensor, Tensor> clip)
    {
        var learning = layer.named_parameters(recurse: false)
            .Where(entry => StartNames.Contains(entry.name) && !(inner.LastLayerOnly && entry.name.EndsWith('1'))).ToArray();
        var slopes = autograd.grad([loss(layer.InnerLoss(tokens)![0])], [.. learning.Select(entry => entry.parameter)]);
        using var none = no_grad();
        foreach (var ((name, parameter), slope) in learning.Zip(slopes))
        {
            parameter.sub_(clip(name, slope).Mul(inner.StepSize));
        }
    }
}
