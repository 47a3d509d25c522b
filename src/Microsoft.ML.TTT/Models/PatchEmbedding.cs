using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>Images [B, C, S, S] → tokens [B, (S / P)², D] by one linear map of each P x P square.</summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Convolution patches;

    internal PatchEmbedding(long channels, long width, long patch, Random random)
        : base(nameof(PatchEmbedding))
    {
        patches = Convolution.Patches(random, channels, width, patch);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return TokenGrid.ToTokens(patches.call(images)).MoveToOuterDisposeScope();
    }
}
