using System.IO.Compression;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Backbones;

[TestClass]
public sealed class ResNet18Tests
{
    private const int Side = 224;

    [TestMethod]
    public void FeaturesAreThoseThatOnnxRuntimeGetsFromTheFiles()
    {
        const int Photographs = 200;
        using var zip = ZipFile.OpenRead(SharedData.Find("flowers_train.zip", "photographs of flowers, one folder a class"));
        using var preprocessing = new InferenceSession(At("ResNetPrepOnnx", "ResNetPreprocess.onnx"));
        using var oracle = new InferenceSession(At("ResNet18Onnx", "ResNet18.onnx"));
        var (network, tail) = ResNet18File.Load(ResNet18.Stages);
        Assert.IsNull(tail);
        using var owned = network;
        using var detached = no_grad();
        var (decoder, planes) = (new ImageDecoder(Side), new byte[3 * Side * Side]);
        var entries = zip.Entries.Where(entry => entry.Length > 0).ToArray();
        for (var i = 0; i < Photographs; i++)
        {
            using var scope = NewDisposeScope();
            using var stream = entries[i * entries.Length / Photographs].Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            Assert.IsNull(decoder.Decode(bytes.ToArray(), planes));
            var pixels = Array.ConvertAll(planes, value => (float)value);
            var expected = Run(oracle, Run(preprocessing, pixels));
            var found = network.call(tensor(pixels, [1, 3, Side, Side])).mean([2, 3]).data<float>().ToArray();
            Assert.HasCount(512, found);
            for (var k = 0; k < found.Length; k++)
            {
                Assert.AreEqual(expected[k], found[k], 1e-4, $"number {k} of {entries[i].FullName}");
            }
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void TheTwoPartsTogetherAreTheWholeForAnyBatchAndSize(int stage)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var (whole, _) = ResNet18File.Load(ResNet18.Stages);
        var (trunk, tail) = ResNet18File.Load(stage);
        using var owned = whole;
        using var ownedTrunk = trunk;
        using var ownedTail = tail;
        foreach (var (count, side) in new[] { (3, 64), (2, 100), (1, 224) })
        {
            var images = tensor([.. Enumerable.Range(0, count * 3 * side * side).Select(i => (float)(i * 7919 % 256))], [count, 3, side, side]);
            var middle = trunk.call(images);
            CollectionAssert.AreEqual((long[])[count, ResNet18.Channels(stage), ResNet18.GridSide(side, stage), ResNet18.GridSide(side, stage)], middle.shape);
            TensorAssert.AreClose(whole.call(images), tail!.call(middle), 1e-4, $"{side} pixels");
        }
    }

    [TestMethod]
    public void GradientsReachThePixelsAndTheTailAlone()
    {
        using var scope = NewDisposeScope();
        var (trunk, tail) = ResNet18File.Load(3);
        using var owned = trunk;
        using var ownedTail = tail;
        var images = rand(1, 3, 64, 64).Mul(255).requires_grad_();
        tail!.call(trunk.call(images)).mean().backward();
        Assert.IsGreaterThan(0f, images.grad!.abs().sum().item<float>());
        Assert.IsTrue(tail.parameters().All(parameter => parameter.grad!.abs().sum().item<float>() > 0));
    }

    [TestMethod]
    public void PicturesThatAreTooSmallAreRefused()
    {
        var (network, _) = ResNet18File.Load(1);
        using var owned = network;
        using var scope = NewDisposeScope();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => network.call(zeros(1, 3, 63, 64))).Message, "at least 64 x 64 pixels; these have 3 and 64 x 63");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => network.call(zeros(1, 1, 64, 64))).Message, "3 channels");
    }

    [TestMethod]
    public void AMissingFileNamesThePackage()
    {
        using var folder = new TemporaryFolder();
        Assert.IsFalse(ResNet18File.Exists(folder.Path));
        var e = Assert.ThrowsExactly<FileNotFoundException>(() => ResNet18File.Load(4, folder.Path));
        StringAssert.Contains(e.Message, "reference the package Microsoft.ML.DnnImageFeaturizer.ResNet18, version 0.23.1");
    }

    [TestMethod]
    public void AnAlteredFileIsRefusedWithBothChecksums()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["DnnImageModels", "ResNet18Onnx"]);
        File.WriteAllText(folder["DnnImageModels", "ResNet18Onnx", "ResNet18.onnx"], "");
        var e = Assert.ThrowsExactly<FormatException>(() => ResNet18File.Load(4, folder.Path));
        StringAssert.Contains(e.Message, "its SHA-256 is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855; expected e2552f19");
        StringAssert.Contains(e.Message, "Microsoft.ML.DnnImageFeaturizer.ResNet18, version 0.23.1");
    }

    private static string At(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "DnnImageModels", .. parts]);

    private static float[] Run(InferenceSession session, float[] pixels)
    {
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), new DenseTensor<float>(pixels, [1, 3, Side, Side]))]);
        return results.Single().AsTensor<float>().ToArray();
    }
}
