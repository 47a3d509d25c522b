using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Tests.Models.Reference;

/// <summary>
/// The test-time-training mixers once more, with the inner gradient taken by autograd (create_graph), so that the outer gradient
/// is a second derivative that autograd makes on its own. Reads the parameters of the module it stands beside.
/// </summary>
internal sealed class NestedAutograd(Module module, TokenMixer mixer, InnerLearning inner, int heads)
{
    private readonly Dictionary<string, Parameter> _p = module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);

    internal Tensor Forward(Tensor x) => mixer == TokenMixer.ViT3 ? ViT3(x) : Reconstruct(x);

    private Tensor Reconstruct(Tensor x)
    {
        long B = x.shape[0], N = x.shape[1], D = x.shape[2], K = D / heads;
        var keys = ByHead(functional.linear(x, _p["task.train_view.weight"], _p["task.train_view.bias"]), heads);        // [B, H, N, K]
        var queries = ByHead(functional.linear(x, _p["task.test_view.weight"], _p["task.test_view.bias"]), heads);
        var weights = Start(B, K, x);
        foreach (var batch in InnerLoop.Batches(N, inner))
        {
            var index = batch is null ? TensorArithmetic.Arange(N) : tensor(batch);
            var loss = Loss(Inner(weights, keys.index_select(2, index)), x.index_select(1, index), K);
            var learning = inner.LastLayerOnly ? weights[2..] : weights;
            var gradients = autograd.grad([loss], learning, create_graph: true, retain_graph: true);
            var stepped = learning.Zip(gradients, (weight, gradient) => weight.sub(gradient.Mul(inner.StepSize))).ToArray();
            weights = inner.LastLayerOnly ? [weights[0], weights[1], .. stepped] : stepped;
        }

        var mixed = Inner(weights, queries).transpose(1, 2).reshape(B, N, D);
        return functional.linear(mixed, _p["output.weight"], _p["output.bias"]);
    }

    private Tensor[] Start(long B, long K, Tensor like)
    {
        string[] names = mixer == TokenMixer.TttMlp ? ["start_weight1", "start_bias1", "start_weight2", "start_bias2"] : ["start"];
        return [.. names.Select(name => _p.TryGetValue(name, out var start)
            ? start.unsqueeze(0).expand(B, start.shape[0], start.shape[1], start.shape[2]).clone()
            : zeros([B, heads, K, K], like.dtype, requires_grad: true))];
    }

    private static Tensor Inner(Tensor[] weights, Tensor x) =>
        weights.Length == 1 ? x.matmul(weights[0]) : Gelu(x.matmul(weights[0]).Add(weights[1])).matmul(weights[2]).Add(weights[3]);

    private static Tensor Gelu(Tensor z) => z.mul(z.Square().mul(z).Mul(0.044715).Add(z).Mul(Math.Sqrt(2 / Math.PI)).tanh().Add(1)).Mul(0.5);

    /// <summary>The sum over images and heads of 1/(2·n·K)·Σ|y - x|².</summary>
    private Tensor Loss(Tensor z, Tensor x, long K)
    {
        var y = z.matmul(_p["task.decoder"]).Add(_p["task.decoder_bias"]);                                               // [B, H, n, D]
        if (_p.TryGetValue("task.decoder_gamma", out var gamma))
        {
            var centred = y.sub(y.mean([-1], true));
            y = centred.div(centred.Square().mean([-1], true).Add(1e-6).sqrt())
                .mul(gamma.unsqueeze(1)).Add(_p["task.decoder_beta"].unsqueeze(1));
        }

        return y.sub(x.unsqueeze(1)).Square().sum().Div(2.0 * x.shape[1] * K);
    }

    private Tensor ViT3(Tensor x)
    {
        long B = x.shape[0], N = x.shape[1], D = x.shape[2], K = D / heads, S = (long)Math.Sqrt(N);
        var qkv = functional.linear(x, _p["qkv"].view(3 * D, D), _p["qkv_bias"]).split([D, D, D], 2);
        var (q, k, v) = (ByHead(qkv[0], heads), ByHead(qkv[1], heads), ByHead(qkv[2], heads));
        var start = _p["start_glu"].unsqueeze(0).expand(B, heads, K, 2 * K).split([K, K], 3);
        var (w1, w2) = (start[0].clone(), start[1].clone());
        var answer = k.matmul(w1).mul(functional.silu(k.matmul(w2)));
        var loss = answer.mul(v).sum().Mul(-1.0 / 3 / N);
        var gradients = autograd.grad([loss], [w1, w2], create_graph: true, retain_graph: true);
        (w1, w2) = (Stepped(w1, gradients[0], 2), Stepped(w2, gradients[1], 2));
        var mixed = q.matmul(w1).mul(functional.silu(q.matmul(w2))).transpose(1, 2).reshape(B, N, D);

        var conv = functional.linear(x, _p["conv_qkv"].view(3 * K, D), _p["conv_qkv_bias"]).transpose(1, 2).view(B, 3, K, S, S);
        var kernels = _p["start_conv"].unsqueeze(0).expand(B, K, 1, 3, 3).clone();
        var convLoss = Convolve(conv.select(1, 1), kernels).mul(conv.select(1, 2)).sum().Mul(-1.0 / 3 / N);
        var kernelGradient = autograd.grad([convLoss], [kernels], create_graph: true, retain_graph: true)[0];
        kernels = Stepped(kernels.view(B, K, 9), kernelGradient.view(B, K, 9), 2).view(B, K, 1, 3, 3);
        var convolved = Convolve(conv.select(1, 0), kernels).view(B, K, N).transpose(1, 2);
        return functional.linear(cat([mixed, convolved], 2), _p["output.weight"], _p["output.bias"]);
    }

    private Tensor Stepped(Tensor weights, Tensor gradient, int axis) =>
        weights.sub(gradient.div(gradient.Square().sum(axis, true).sqrt().Add(1)).Mul(inner.StepSize));

    /// <summary>A 3x3 correlation with zero padding as nine shifted products.</summary>
    private static Tensor Convolve(Tensor grid, Tensor kernels)
    {
        long S = grid.shape[^1];
        var padded = functional.pad(grid, [1, 1, 1, 1]);
        return Enumerable.Range(0, 9)
            .Select(i => padded.narrow(2, i / 3, S).narrow(3, i % 3, S).mul(kernels.select(4, i % 3).select(3, i / 3).unsqueeze(-1)))
            .Aggregate((sum, term) => sum.Add(term));
    }

    private static Tensor ByHead(Tensor projected, long heads)
    {
        long B = projected.shape[0], N = projected.shape[1];
        return projected.view(B, N, heads, -1).transpose(1, 2);
    }
}
