using Microsoft.ML.TTT.Models;
using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Activations = Microsoft.ML.VisionCore.Torch.Activations;

namespace Microsoft.ML.TTT.Tests.Models;

/// <summary>The theorems that tie test-time training to attention, with their exact conditions.</summary>
[TestClass]
public class TheoremTests
{
    private const int B = 2, N = 9, D = MixerCases.Width, H = MixerCases.HeadCount, K = D / H;

    [TestMethod]
    public void LinearTttFromZeroInOneStepEqualsLinearAttention()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        foreach (bool gram in new[] { false, true })
        {
            const double eta = 0.7;
            using var ttt = (TttMixer)MixerCases.Create(TokenMixer.TttLinear, new InnerLearning { StepSize = eta }, gram);
            var x = MixerCases.Noise(new Random(1), 1, B, N, D);
            var p = Values(ttt);
            var keys = ByHead(functional.linear(x, p["task.train_view.weight"], p["task.train_view.bias"]));
            var queries = ByHead(functional.linear(x, p["task.test_view.weight"], p["task.test_view.bias"]));
            // The value of head h is V_h = (x - g_bias) G_hᵀ.
            var values = x.sub(p["task.decoder_bias"]).unsqueeze(1).matmul(p["task.decoder"].transpose(1, 2));       // [B, H, N, K]
            var mixed = queries.matmul(keys.transpose(2, 3).matmul(values)).Mul(eta / (N * K));
            var expected = functional.linear(mixed.transpose(1, 2).reshape(B, N, D), p["output.weight"], p["output.bias"]);
            TensorAssert.AreClose(expected, ttt.call(x), 1e-12, $"gram={gram}");
        }
    }

    [TestMethod]
    public void LinearTttEqualsTheLinearAttentionMixerWithTheDecoderAsItsValueMap()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var ttt = MixerCases.Create(TokenMixer.TttLinear, new InnerLearning());
        using var attention = MixerCases.Create(TokenMixer.LinearAttention, new InnerLearning());
        var (from, to) = (Values(ttt), Values(attention));
        var valueMap = from["task.decoder"].view(D, D);
        to["qkv"].copy_(stack([from["task.test_view.weight"], from["task.train_view.weight"], valueMap], 0));
        to["qkv_bias"].copy_(cat([from["task.test_view.bias"], from["task.train_view.bias"], valueMap.matmul(from["task.decoder_bias"]).neg()], 0));
        to["output.weight"].copy_(from["output.weight"]);
        to["output.bias"].copy_(from["output.bias"]);
        var x = MixerCases.Noise(new Random(2), 1, B, N, D);
        TensorAssert.AreClose(attention.call(x), ttt.call(x), 1e-12, "linear attention");
    }

    [TestMethod]
    public void SoftmaxAttentionIsTheNadarayaWatsonEstimatorOfTheExponentialKernel()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var random = new Random(3);
        var (q, k, v) = (MixerCases.Noise(random, 2, H, N, K), MixerCases.Noise(random, 2, H, N, K), MixerCases.Noise(random, 1, H, N, K));
        var (queries, keys, values) = (TensorAssert.ToArray(q), TensorAssert.ToArray(k), TensorAssert.ToArray(v));
        var expected = new double[H * N * K];
        for (int row = 0; row < H * N; row++)
        {
            int first = row / N * N;
            var kernel = Enumerable.Range(first, N)
                .Select(i => Math.Exp(Enumerable.Range(0, K).Sum(c => queries[row * K + c] * keys[i * K + c]) / Math.Sqrt(K))).ToArray();
            for (int c = 0; c < K; c++)
            {
                expected[row * K + c] = kernel.Select((weight, i) => weight * values[(first + i) * K + c]).Sum() / kernel.Sum();
            }
        }

        TensorAssert.AreClose(tensor(expected, [H, N, K]), SoftmaxAttention.Mix(q, k, v), 1e-12, "softmax attention");
    }

    [TestMethod]
    public void LearningTheLastLayerOnlyIsLinearAttentionWithALearnedFeatureMap()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        foreach (bool norm in new[] { false, true })
        {
            var inner = new InnerLearning { LastLayerOnly = true, DecoderNorm = norm };
            using var ttt = (TttMixer)MixerCases.Create(TokenMixer.TttMlp, inner);
            var x = MixerCases.Noise(new Random(4), 1, B, N, D);
            var p = Values(ttt);
            var (train, test, _, _) = ttt.Learn(x, [null]).Views;                                       // [H, B, N, K]
            Tensor Features(Tensor rows) =>
                Activations.TanhGelu(rows.matmul(p["start_weight1"].unsqueeze(1)).Add(p["start_bias1"].unsqueeze(1)));
            var (featuresTrain, featuresTest) = (Features(train), Features(test));                  // [H, B, N, M]
            Tensor Second(Tensor features) => features.matmul(p["start_weight2"].unsqueeze(1)).Add(p["start_bias2"].unsqueeze(1));
            var decoder = new Decoder(p["task.decoder"], p["task.decoder_bias"], norm ? p["task.decoder_gamma"] : null, norm ? p["task.decoder_beta"] : null);
            var gradient = ReconstructionGradient.Create(decoder, gram: false);
            var dZ = gradient.At(Second(featuresTrain).contiguous(), gradient.Target(x, null, null), 1.0 / (N * K));
            // A(Q) W2 + b2 - (A(Q) A(K)ᵀ + 1) dZ
            var attention = featuresTest.matmul(featuresTrain.transpose(2, 3)).Add(1);
            var mixed = Second(featuresTest).sub(attention.matmul(dZ)).permute(1, 2, 0, 3).reshape(B, N, D);
            TensorAssert.AreClose(functional.linear(mixed, p["output.weight"], p["output.bias"]), ttt.call(x), 1e-12, $"norm={norm}");
        }
    }

    private static Dictionary<string, Parameter> Values(Module module) => module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);

    private static Tensor ByHead(Tensor projected) => projected.view(B, N, H, K).transpose(1, 2);
}
