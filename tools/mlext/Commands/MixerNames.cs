using System.CommandLine.Parsing;
using Microsoft.ML.TTT;

namespace MLExt.Commands;

/// <summary>How token mixers are called on the command line.</summary>
internal static class MixerNames
{
    private static readonly (TokenMixer Mixer, string Name, string[] Others)[] Table =
    [
        (TokenMixer.TttLinear, "ttt-linear", ["mttt-linear"]),
        (TokenMixer.TttMlp, "ttt-mlp", ["mttt-mlp"]),
        (TokenMixer.ViT3, "vit3", []),
        (TokenMixer.SoftmaxAttention, "softmax-attention", ["softmax"]),
        (TokenMixer.LinearAttention, "linear-attention", ["linear"]),
        (TokenMixer.LinearAttentionElu, "linear-attention-elu", ["linear-elu"]),
        (TokenMixer.Mesa, "mesa", []),
        (TokenMixer.GatedDeltaNet, "gated-delta-net", ["delta-net"]),
        (TokenMixer.GatedLinearAttention, "gated-linear-attention", ["gla"]),
        (TokenMixer.LightningAttention, "lightning-attention", ["lightning"]),
        (TokenMixer.CosFormer, "cosformer", []),
        (TokenMixer.NormAttention, "norm-attention", []),
        (TokenMixer.DiagonalAttention, "diagonal-attention", []),
        (TokenMixer.RalaAttention, "rala", []),
        (TokenMixer.InLineAttention, "inline-attention", ["inline"]),
        (TokenMixer.None, "none", []),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>All names, for help and messages.</summary>
    public static string Listed => string.Join(", ", All);

    /// <summary>The name of a mixer.</summary>
    public static string Of(TokenMixer mixer) => Table.Single(row => row.Mixer == mixer).Name;

    /// <summary>The mixer that an option's value names; the enum's own names are understood too.</summary>
    public static TokenMixer? Parse(ArgumentResult result)
    {
        var name = result.Tokens.Single().Value;
        var mixer = Find(name);
        if (mixer is null)
        {
            result.AddError($"--token-mixer must be one of {Listed}; it is '{name}'.");
        }

        return mixer;
    }

    /// <summary>The mixer that a name means, or null.</summary>
    public static TokenMixer? Find(string name)
    {
        foreach (var row in Table)
        {
            if (new[] { row.Name, row.Mixer.ToString() }.Concat(row.Others).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return row.Mixer;
            }
        }

        return null;
    }
}
