using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLExtensions.Accuracy.InContextRegression.Models;

/// <summary>Pixels [B, N, 4] → one pair of logits a pixel, [B, N, 2]: blocks without positions, since the pixels are a set.</summary>
internal sealed class PointClassifier : Module<Tensor, Tensor>
{
    internal const int Width = 64, HeadCount = 2, MlpRatio = 4;

    private readonly Dense embedding;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Dense head;

    internal PointClassifier(Contender contender, int seed)
        : base(nameof(PointClassifier))
    {
        var random = new Random(seed);
        embedding = Dense.Xavier(random, PointImages.Channels, Width);
        blocks = new ModuleList<TransformerBlock>();
        for (int block = 0; block < (contender.Depth ?? 1); block++)
        {
            var mixer = TokenMixers.Create(contender.Mixer, new MixerShape(Width, HeadCount) { Inner = contender.Inner with { OrderSeed = block } }, random);
            blocks.Add(new TransformerBlock(Width, MlpRatio * Width, conditionalPositions: false, mixer, random));
        }

        norm = Layers.LayerNorm(Width);
        head = Dense.ZeroHead(Width, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var tokens = embedding.call(pixels);
        foreach (var block in blocks)
        {
            tokens = block.call(tokens);
        }

        return head.call(norm.call(tokens)).MoveToOuterDisposeScope();
    }
}
