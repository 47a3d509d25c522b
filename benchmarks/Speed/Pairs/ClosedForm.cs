using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>MTTT-MLP in one inner step as one writes it down: the gradient by hand, operation after operation, heads in the second axis. Reads the parameters of the layer it stands beside.</summary>
internal sealed class ClosedForm(Module layer, int heads)
{
    private static readonly double Root = Math.Sqrt(2 / Math.PI);
    private readonly Dictionary<string, Parameter> _p = layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);

    internal Tensor Forward(Tensor x)
    {
        var (B, N, D) = x.Dims3();
        var K = D / heads;
        var (keys, queries) = (ByHead(Map(x, "task.train_view")), ByHead(Map(x, "task.test_view")));                     // [B, H, N, K]
        var (w1, b1, w2, b2) = (_p["start_weight1"].unsqueeze(0), _p["start_bias1"].unsqueeze(0), _p["start_weight2"].unsqueeze(0), _p["start_bias2"].unsqueeze(0));
        var decoder = _p["task.decoder"];
        var (gamma, beta) = (_p["task.decoder_gamma"].unsqueeze(1), _p["task.decoder_beta"].unsqueeze(1));               // [H, 1, D]
        var z = keys.matmul(w1).Add(b1);
        var t = z.Add(z.Square().mul(z).Mul(0.044715)).Mul(Root).tanh();
        var a = z.Mul(0.5).mul(t.Add(1));
        var slope = t.Add(1).Mul(0.5).Add(z.Mul(0.5 * Root).mul(t.Square().Mul(-1).Add(1)).mul(z.Square().Mul(3 * 0.044715).Add(1)));
        var y = a.matmul(w2).Add(b2).matmul(decoder).Add(_p["task.decoder_bias"]);                                       // [B, H, N, D]
        var centred = y.sub(y.mean([3], true));
        var rest = centred.Square().mean([3], true).Add(1e-6).rsqrt();
        var normal = centred.mul(rest);
        var dNormal = normal.mul(gamma).Add(beta).sub(x.unsqueeze(1)).mul(gamma).Mul(1.0 / (N * K));
        var dY = rest.mul(dNormal.sub(dNormal.mean([3], true)).sub(normal.mul(dNormal.mul(normal).mean([3], true))));
        var dOut = dY.matmul(decoder.transpose(1, 2));                                                                   // [B, H, N, K]
        var dHidden = dOut.matmul(w2.transpose(2, 3)).mul(slope);
        w1 = w1.sub(keys.transpose(2, 3).matmul(dHidden));
        b1 = b1.sub(dHidden.sum(2, true));
        w2 = w2.sub(a.transpose(2, 3).matmul(dOut));
        b2 = b2.sub(dOut.sum(2, true));
        var asked = queries.matmul(w1).Add(b1);
        var mixed = asked.Add(asked.Square().mul(asked).Mul(0.044715)).Mul(Root).tanh().Add(1).mul(asked).Mul(0.5).matmul(w2).Add(b2);
        return Map(mixed.transpose(1, 2).reshape(B, N, D), "output");

        Tensor ByHead(Tensor projected) => projected.view(B, N, heads, K).transpose(1, 2);
    }

    private Tensor Map(Tensor x, string name) => functional.linear(x, _p[$"{name}.weight"], _p[$"{name}.bias"]);
}
