using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Tests.Training;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class ImageBatchReaderTests
{
    private static readonly Augmentation Plain = new();

    [TestMethod]
    [DataRow(0)]
    [DataRow(20)]
    [DataRow(50)]
    public void EveryEpochVisitsEveryImageOnceHoweverManyFitIntoMemory(int inMemory)
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 50, inMemory * NumberedImages.Bytes);
        using var reader = new ImageBatchReader(images, Plain, 10, seed: 1, CPU);

        Assert.AreEqual(5, reader.BatchesPerEpoch);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var seen = Read(reader, epoch, 0);
            CollectionAssert.AreEqual(Enumerable.Range(0, 50).ToArray(), seen.Select(image => image.Number).Order().ToArray());
            Assert.IsTrue(seen.All(image => image.Label == image.Number % 3), "Labels stay with their images.");
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(50)]
    public void ABatchFollowsFromSeedEpochAndNumber(int inMemory)
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 50, inMemory * NumberedImages.Bytes);
        using var reader = new ImageBatchReader(images, Plain, 8, seed: 1, CPU);
        using var again = new ImageBatchReader(images, Plain, 8, seed: 1, CPU);
        using var other = new ImageBatchReader(images, Plain, 8, seed: 2, CPU);
        using var allInMemory = NumberedImages.Read(log, 50);
        using var fromMemory = new ImageBatchReader(allInMemory, Plain, 8, seed: 1, CPU);
        var whole = Read(reader, 3, 0);

        CollectionAssert.AreEqual(whole[32..], Read(again, 3, 4), "As after an interruption.");
        CollectionAssert.AreEqual(whole, Read(fromMemory, 3, 0), "Wherever the pixels lie.");
        CollectionAssert.AreNotEqual(whole, Read(reader, 4, 0));
        CollectionAssert.AreNotEqual(whole, Read(other, 3, 0));
    }

    [TestMethod]
    public void RowsThatDoNotFillABatchAreLeftOut()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 11);
        using var reader = new ImageBatchReader(images, Plain, 4, seed: 1, CPU);
        Assert.HasCount(8, Read(reader, 0, 0));
    }

    [TestMethod]
    public void ASetSmallerThanABatchIsOneBatch()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 5);
        using var reader = new ImageBatchReader(images, Plain, 64, seed: 1, CPU);
        Assert.HasCount(5, Read(reader, 0, 0));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(7)]
    public void EvaluationVisitsEveryImageInOrder(int inMemory)
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 20, inMemory * NumberedImages.Bytes);
        var (_, held) = images.Split(0.3, seed: 1);
        var seen = ImageBatchReader.ReadAll(held, 4, CPU, CancellationToken.None).SelectMany(Unpack).Select(image => image.Number).ToArray();
        CollectionAssert.AreEqual(held.Rows, seen);
    }

    [TestMethod]
    public void LeavingAnEpochEarlyLeavesNothingAlive()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 50, 20 * NumberedImages.Bytes);
        using var reader = new ImageBatchReader(images, Plain, 5, seed: 1, CPU);
        TensorLedger.Leaves(0, () =>
        {
            foreach (var batch in reader.ReadEpoch(0, 0, CancellationToken.None))
            {
                using (batch)
                {
                    break;
                }
            }
        });
    }

    private static (int Number, long Label)[] Read(ImageBatchReader reader, int epoch, int firstBatch) =>
        [.. reader.ReadEpoch(epoch, firstBatch, CancellationToken.None).SelectMany(Unpack)];

    private static IEnumerable<(int Number, long Label)> Unpack(ImageBatch batch)
    {
        using (batch)
        {
            var pixels = batch.Inputs.data<byte>().ToArray();
            var labels = batch.Labels.data<long>().ToArray();
            return labels.Select((label, i) => ((int)pixels[i * NumberedImages.Bytes], label)).ToArray();
        }
    }
}
