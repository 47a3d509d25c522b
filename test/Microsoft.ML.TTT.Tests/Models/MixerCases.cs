using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Tests.Models;

/// <summary>Every mixer with every combination of its options, in float64, with weights that are nowhere zero.</summary>
internal static class MixerCases
{
    internal const int Width = 8, HeadCount = 2;

    internal static IEnumerable<(string Name, TokenMixer Mixer, InnerLearning Inner)> All()
    {
        yield return ("softmax", TokenMixer.SoftmaxAttention, new());
        yield return ("linear attention", TokenMixer.LinearAttention, new());
        yield return ("linear attention elu", TokenMixer.LinearAttentionElu, new());
        yield return ("ViT3", TokenMixer.ViT3, new());
        foreach (var mixer in Enum.GetValues<TokenMixer>().Where(mixer => mixer > TokenMixer.ViT3))
        {
            yield return ($"{mixer}", mixer, new());
        }

        foreach (var entry in TestTimeTraining())
        {
            yield return entry;
        }
    }

    /// <summary>The mixers that minimise a reconstruction loss.</summary>
    internal static IEnumerable<(string Name, TokenMixer Mixer, InnerLearning Inner)> TestTimeTraining() =>
        from mixer in new[] { TokenMixer.TttLinear, TokenMixer.TttMlp }
        from steps in new[] { 1, 3 }
        from batches in new[] { false, true }
        from norm in new[] { false, true }
        from learned in new[] { false, true }
        from last in new[] { false, true }
        where !(steps == 1 && batches) && !(last && mixer == TokenMixer.TttLinear)
        let inner = new InnerLearning
        {
            Steps = steps,
            MiniBatches = batches,
            DecoderNorm = norm,
            LearnedStart = learned,
            LastLayerOnly = last,
            StepSize = 0.7,
            Expansion = 3
        }
        where !inner.Violations(mixer, 16).Any()
        select ($"{mixer} T={steps} batches={batches} norm={norm} learned={learned} last={last}", mixer, inner);

    internal static Mixer Create(TokenMixer mixer, InnerLearning inner, bool? gram = null)
    {
        return Create(mixer, new MixerShape(Width, HeadCount) { Inner = inner }, gram);
    }

    internal static Mixer Create(TokenMixer mixer, MixerShape shape, bool? gram = null)
    {
        var random = new Random(7);
        return Shaken(mixer switch
        {
            TokenMixer.TttLinear => TttMixer.Linear(shape, random, gram),
            TokenMixer.TttMlp => TttMixer.Mlp(shape, random, gram),
            _ => TokenMixers.Create(mixer, shape, random)!
        }, 11);
    }

    /// <summary>The module in float64 with noise on every parameter, so that no bias or shift is zero by accident.</summary>
    internal static T Shaken<T>(T module, int seed)
        where T : Module
    {
        TorchSharp.ModuleExtensionMethods.to(module, ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var random = new Random(seed);
        foreach (var (_, parameter) in module.named_parameters())
        {
            parameter.Add_(Noise(random, 0.2, parameter.shape));
        }

        return module;
    }

    internal static Tensor Noise(Random random, double limit, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = limit * (2 * random.NextDouble() - 1);
        }

        return tensor(values, shape);
    }
}
