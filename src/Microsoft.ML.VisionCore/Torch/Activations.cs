using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Activations together with their slopes, from ordinary tensor operations, so that both can be differentiated again.</summary>
internal static class Activations
{
    // gelu(z) = z·s(z), s = sigmoid(2c(z + a z³)): the tanh form, since tanh(u) = 2·sigmoid(2u) - 1; one sigmoid is cheaper than one tanh.
    internal const double TwiceC = 1.5957691216057308;     // 2·sqrt(2/π)
    internal const double Cubic = 0.044715;

    /// <summary>The tanh approximation of GELU.</summary>
    internal static Tensor TanhGelu(Tensor z)
    {
        if (Torch.TanhGelu.IsFaster(z))
        {
            return Torch.TanhGelu.Value(z);
        }

        var inner = z.Square().Mul(TwiceC * Cubic).Add(TwiceC).mul(z);
        return z.mul(inner.sigmoid());
    }

    /// <summary>The tanh approximation of GELU, and what multiplies with its derivative.</summary>
    internal static (Tensor Value, Func<Tensor, Tensor> TimesSlope) TanhGeluAndSlope(Tensor z)
    {
        if (Torch.TanhGelu.IsFaster(z))
        {
            return (Torch.TanhGelu.Value(z), factor => Torch.TanhGelu.TimesSlope(z, factor));
        }

        var square = z.Square();
        var s = square.Mul(TwiceC * Cubic).Add(TwiceC).mul(z).sigmoid();
        var value = z.mul(s);
        // slope = s + z·s·(1 - s)·u',  u' = 2c(1 + 3a z²);  z·s·(1 - s) = value - value·s
        var slope = value.sub(value.mul(s)).mul(square.Mul(3 * TwiceC * Cubic).Add(TwiceC)).Add(s);
        return (value, slope.mul);
    }

    /// <summary>elu + 1, a feature map that is positive everywhere: exp(x) up to 0, x + 1 from there on.</summary>
    internal static Tensor EluPlusOne(Tensor x)
    {
        var positive = x.relu();
        return x.sub(positive).exp().Add(positive);
    }

    /// <summary>SiLU, z·sigmoid(z), and its derivative.</summary>
    internal static (Tensor Value, Tensor Slope) SiluAndSlope(Tensor z)
    {
        var s = z.sigmoid();
        var value = z.mul(s);
        return (value, s.Add(value).sub(value.mul(s)));
    }
}
