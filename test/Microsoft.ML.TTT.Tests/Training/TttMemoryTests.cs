using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;

namespace Microsoft.ML.TTT.Tests.Training;

[TestClass]
public sealed class TttMemoryTests
{
    // 8 x 8 tokens; the mixer in the second of two blocks.
    private static readonly ModelShape Shape = new() { ImageSize = 32, PatchSize = 4, Classes = 10, Width = 100, Depth = 2, MlpRatio = 3, MixerBlocks = [1] };

    [TestMethod]
    public void TheEstimateIsThatOfTheBlocks()
    {
        var memory = TttMemory.Of(Shape, side: 32, batch: 5, isRecomputed: false);
        // Feed-forward 2 x 3 x 100² in both, 4 x 100² in the mixer, a head of 100 x 10: weights, gradients and momentum of 4 bytes.
        Assert.AreEqual(3 * 4 * (60_000 + 60_000 + 40_000 + 1_000), memory.WeightBytes);
        // Of a token 2 x 3 x 100 in both, 200 in the first, 600 in the second.
        Assert.AreEqual(4 * (600 + 600 + 200 + 600) * 64 * 5, memory.BatchBytes);
        Assert.AreEqual(memory.BatchBytes / 4, TttMemory.Of(Shape, side: 16, batch: 5, isRecomputed: false).BatchBytes);
    }

    [TestMethod]
    public void RecomputedBlocksKeepTheirInputsAndOneBlockAllOfIt()
    {
        var memory = TttMemory.Of(Shape, side: 32, batch: 5, isRecomputed: true);
        Assert.AreEqual(4 * (100 + 100 + 1_200) * 64 * 5, memory.BatchBytes);
        StringAssert.Contains(TttMemory.Of(Shape, side: 32, batch: 5, isRecomputed: false).Remedy, "Recompute");
        Assert.DoesNotContain("Recompute", memory.Remedy);
    }

    [TestMethod]
    [DataRow(65_536, 100, 32)]
    [DataRow(8_192, 100, 32)]
    [DataRow(1_024, 100, 1_024)]
    public void AbsurdSizesAreRefusedBeforeAnythingIsMade(int width, int depth, int side)
    {
        var context = new MLContext(1);
        var trainer = DrawnImages.Trainer(context, options => (options.Model.Width, options.Model.Depth, options.ImageSize, options.BatchSize) = (width, depth, side, 65_536));
        var before = GC.GetTotalAllocatedBytes();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(DrawnImages.Keyed(context, DrawnImages.Pictures(6))));
        StringAssert.StartsWith(error.Message, "Training needs at least ");
        Assert.IsLessThan(1L << 30, GC.GetTotalAllocatedBytes() - before);
    }
}
