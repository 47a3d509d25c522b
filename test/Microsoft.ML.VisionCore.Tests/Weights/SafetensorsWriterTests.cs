using System.Text;
using Microsoft.ML.VisionCore.Weights;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Weights;

[TestClass]
public sealed class SafetensorsWriterTests
{
    [TestMethod]
    public void TheBytesAreExactlyThoseOfTheFormat()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [("b", tensor(new byte[] { 7, 8 })), ("a", tensor(new float[] { 1, 2 }, [1, 2]))],
            new Dictionary<string, string> { ["z"] = "1", ["k"] = "ä" });

        const string header = """{"__metadata__":{"k":"ä","z":"1"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]}}""";
        var text = Encoding.UTF8.GetBytes(header);
        var padded = (text.Length + 7) / 8 * 8;
        byte[] expected =
        [
            (byte)padded, 0, 0, 0, 0, 0, 0, 0,
            .. text, .. Enumerable.Repeat((byte)' ', padded - text.Length),
            0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 7, 8,
        ];
        CollectionAssert.AreEqual(expected, stream.ToArray());
    }

    [TestMethod]
    public void TheOrderOfTheTensorsDoesNotMatter()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (ones(2), zeros(3, dtype: int64));
        CollectionAssert.AreEqual(Write(("a", a), ("b", b)), Write(("b", b), ("a", a)));
    }

    [TestMethod]
    public void ViewsAreWrittenAsTheyRead()
    {
        using var scope = NewDisposeScope();
        var matrix = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        CollectionAssert.AreEqual(Write(("a", matrix.t().contiguous())), Write(("a", matrix.t())));
    }

    [TestMethod]
    public void ANameUsedTwiceIsRefused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsExactly<ArgumentException>(() => Write(("a", ones(1)), ("a", ones(1))));
        StringAssert.StartsWith(error.Message, "The tensor name 'a' is used twice or reserved.");
    }

    [TestMethod]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder["weights.safetensors"];
        SafetensorsWriter.WriteFile(path, [("a", ones(1))]);
        var before = File.ReadAllBytes(path);

        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsWriter.WriteFile(path, [("a", ones(1)), ("a", ones(1))]));

        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    private static byte[] Write(params (string, Tensor)[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return stream.ToArray();
    }
}
