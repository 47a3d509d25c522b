using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Tests.Models.Reference;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Models;

/// <summary>Each mixer against its definition in float64, values and gradients, over tokens that fill chunks and windows and that do not.</summary>
[TestClass]
public sealed class MixerDefinitionTests
{
    private const double Tolerance = 1e-9;
    private const int Heads = 2, Images = 2, Width = 4;

    [TestMethod]
    [DataRow(4)]
    [DataRow(7)]
    public void CosFormerHasTheWeightsOfItsDefinition(int side)
    {
        AreAlike(side, x => CosFormer.Mix(x[0], x[1], x[2], side, side), x => MixerDefinitions.CosFormer(x[0], x[1], x[2], side, side));
        AreAlike(side, x => CosFormer.Mix(x[0], x[1], x[2], side * side), x => MixerDefinitions.CosFormer(x[0], x[1], x[2], side * side));
    }

    [TestMethod]
    public void InLineAttentionHasTheWeightsOfItsDefinition() =>
        AreAlike(5, x => InLineAttention.Mix(x[0], x[1], x[2], 0.3), x => MixerDefinitions.InLine(x[0], x[1], x[2], 0.3));

    [TestMethod]
    public void RalaHasTheWeightsOfItsDefinition() =>
        AreAlike(5, x => RalaAttention.Mix(x[0], x[1], x[2]), x => MixerDefinitions.Rala(x[0], x[1], x[2]));

    [TestMethod]
    public void NormAttentionHasTheWeightsOfItsDefinition() =>
        AreAlike(5, x => NormAttention.Mix(x[0], x[1], x[2]), x => MixerDefinitions.Norm(x[0], x[1], x[2]));

    [TestMethod]
    [DataRow(4, 2)]
    [DataRow(8, 3)]
    [DataRow(5, 8)]
    [DataRow(5, 1)]
    public void DiagonalAttentionIsAttentionWithAMask(int side, int window)
    {
        AreAlike(side, x => ByHead(x, heads => DiagonalAttention.Mix(heads[0], heads[1], heads[2], window)), x => MixerDefinitions.Diagonal(x[0], x[1], x[2], side, window));
        using var mask = DiagonalAttention.Mask(side, window);
        Assert.AreEqual(Enumerable.Range(0, side * side).Sum(i => Enumerable.Range(0, side * side).Count(j => i / side / window == j / side / window && i % side / window == j % side / window)),
            TensorAssert.ToArray(mask).Count(value => value == 0));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(11)]
    public void LightningAttentionFadesWithTheDistanceInPairsAndInRows(int side)
    {
        double[] slopes = [0.4, 0.03];
        AreAlike(side, x => ByHead(x, heads => LightningAttention.MixPairs(heads[0], heads[1], heads[2], slopes)), x => MixerDefinitions.Lightning(x[0], x[1], x[2], slopes, side));
        AreAlike(side, x => ByHead(x, heads => FadingSums.Call(heads[0], heads[1], heads[2], slopes, block: 3)), x => MixerDefinitions.Lightning(x[0], x[1], x[2], slopes, side));
    }

    [TestMethod]
    public void SumsThatFadeOverTheGridLeaveNoTensors()
    {
        using var x = MixerCases.Noise(new Random(1), 1, 2, 1, 49, 3).DetachFromDisposeScope().requires_grad_();
        TensorLedger.LeavesNothing(() =>
        {
            using var scope = NewDisposeScope();
            using var gradient = autograd.grad([FadingSums.Call(x, x, x, [0.4, 0.03], block: 3).sum()], [x])[0];
        }, times: 3);
    }

    [TestMethod]
    public void SlopesOfLightningAttentionAreThoseOfThePaper()
    {
        var first = LightningAttention.Slopes(new MixerShape(8, 4) { Block = 0, Blocks = 3 });
        var last = LightningAttention.Slopes(new MixerShape(8, 4) { Block = 2, Blocks = 3 });
        for (var head = 0; head < 4; head++)
        {
            Assert.AreEqual(Math.Pow(2, -2 * (head + 1)) * 1.00001, first[head], 1e-12);
            Assert.AreEqual(Math.Pow(2, -2 * (head + 1)) * 0.00001, last[head], 1e-12);
        }
    }

    // Fewer tokens than numbers of a head, and more.
    [TestMethod]
    [DataRow(1)]
    [DataRow(6)]
    public void MesaIsTheRidgeRegressionInItsDualForm(int side) => AreAlike(side, x => MesaAttention.Mix(x[0], x[1], x[2], Strength(x[3]), Ridge(x[4])),
        x => MixerDefinitions.Mesa(x[0], x[1], x[2], Strength(x[3]), Ridge(x[4])), 1, 0);

    [TestMethod]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(6)]
    public void GatedLinearAttentionIsASumOverPairs(int side) => AreAlike(side, x => GatedLinearAttention.Mix(x[0], x[1], x[2], Gate(x[3]), Gate(x[4])),
        x => MixerDefinitions.GatedLinear(x[0], x[1], x[2], Gate(x[3]), Gate(x[4])), Width, Width);

    [TestMethod]
    [DataRow(3)]
    [DataRow(8)]
    [DataRow(10)]
    public void GatedDeltaNetIsItsRecurrenceInBothDirections(int side)
    {
        AreAlike(side, x => GatedDeltaNet.Mix(x[0], UnitOf(x[1]), x[2], Gates(x[3], x[4]), Gates(x[5], x[6])),
            x => MixerDefinitions.GatedDelta(x[0], UnitOf(x[1]), x[2], Gates(x[3], x[4]), Gates(x[5], x[6])), 0, 0, 0, 0);

        static (Tensor, Tensor) Gates(Tensor strength, Tensor decay) => (strength.sigmoid(), Gate(decay));
    }

    private static Tensor UnitOf(Tensor k) => k.div(k.Square().sum(2, true).sqrt());

    private static Tensor Strength(Tensor x) => x.sigmoid();

    // [G, N] → [G, 1, K]: any numbers above 0.
    private static Tensor Ridge(Tensor x) => x.narrow(1, 0, 1).Square().Add(0.25).unsqueeze(2).expand(-1, 1, Width);

    private static Tensor Gate(Tensor x) => nn.functional.logsigmoid(x).Div(2);

    private static Tensor ByHead(Tensor[] flat, Func<Tensor[], Tensor> mix) => mix([.. flat.Select(x => x.view([Heads, Images, .. x.shape[1..]]))]).flatten(0, 1);

    // Values, and the gradients of a random sum of them; what comes beside queries, keys and values has so many numbers a token, 0 for one without an axis.
    private static void AreAlike(int side, Func<Tensor[], Tensor> mixer, Func<Tensor[], Tensor> definition, params int[] more)
    {
        using var scope = NewDisposeScope();
        var random = new Random(side);
        long G = Heads * Images, N = side * side;
        Tensor[] inputs = [.. Enumerable.Repeat(Width, 3).Concat(more).Select(width => MixerCases.Noise(random, 1, width == 0 ? [G, N] : [G, N, width]).requires_grad_())];
        var (actual, expected) = (mixer(inputs), definition(inputs));
        TensorAssert.AreClose(expected, actual, Tolerance, $"values over {N} tokens");
        var direction = MixerCases.Noise(random, 1, [.. expected.shape]);
        var (found, wanted) = (Gradients(actual), Gradients(expected));
        for (var i = 0; i < inputs.Length; i++)
        {
            TensorAssert.AreClose(wanted[i], found[i], Tolerance, $"gradient {i} over {N} tokens");
        }

        Tensor[] Gradients(Tensor y) => [.. autograd.grad([y.mul(direction).sum()], inputs)];
    }
}
