using Microsoft.ML.VisionCore.Torch;
using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Weights;

[TestClass]
public sealed class SafetensorsReaderTests
{
    [TestMethod]
    public void WhatWasWrittenIsReadBack()
    {
        using var scope = NewDisposeScope();
        var written = new (string Name, Tensor Value)[]
        {
            ("double", TestTensors.Uniform(1, 3, 4).to(float64)), ("float", TestTensors.Uniform(2, 2, 1, 2)), ("half", TestTensors.Uniform(3, 5).to(float16)),
            ("brain", TestTensors.Uniform(4, 5).to(bfloat16)), ("long", tensor(new long[] { -1, long.MaxValue })), ("byte", tensor(new byte[] { 0, 255 })),
            ("scalar", ones([])), ("empty", zeros(0, 3)), ("bool", tensor(new float[] { 0, 1 }).Gt(0)),
        };
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, written, new Dictionary<string, string> { ["key"] = "value" });
        stream.Position = 0;

        var reader = SafetensorsReader.Open(stream, stream.Length);
        var read = reader.ReadTensors().ToDictionary(pair => pair.Entry.Name, pair => pair.Value);

        Assert.AreEqual("value", reader.Metadata["key"]);
        Assert.HasCount(written.Length, read);
        foreach (var (name, value) in written)
        {
            Assert.AreEqual(value.dtype, read[name].dtype, name);
            CollectionAssert.AreEqual(value.shape, read[name].shape, name);
            Assert.AreEqual(value.numel(), reader.Entries.Single(entry => entry.Name == name).Count, name);
            Assert.IsTrue(value.numel() == 0 || value.eq(read[name]).all().item<bool>(), name);
        }
    }

    [TestMethod]
    [DataRow("""[]""", 0, "The header of the weights file is a JSON Array, not an object.")]
    [DataRow("""{"a":""", 0, "The header of the weights file is not JSON:")]
    [DataRow("""{"a":1}""", 4, "The tensor 'a' of the weights file lacks a dtype, a shape or a pair of offsets.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "The tensor 'a' of the weights file lacks a dtype, a shape or a pair of offsets.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "The tensor 'a' of the weights file lacks a dtype, a shape or a pair of offsets.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "The tensor 'a' of the weights file lacks a dtype, a shape or a pair of offsets.")]
    [DataRow("""{"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}}""", 4, "The tensor 'a' of the weights file has the unknown type 'F8'.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "The tensor 'a' of the weights file, Float32 [2], cannot lie at the bytes 0 to 4.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "The tensor 'a' of the weights file, Float32 [1], cannot lie at the bytes 4 to 0.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "The tensor 'a' of the weights file ends at byte 4 of 3.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "The tensors of the weights file end at byte 4; the file goes on to 5.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "The tensor 'a' of the weights file begins at byte 4; the one before it ends at 0.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "The tensor 'b' of the weights file begins at byte 0; the one before it ends at 4.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "The weights file names the tensor 'a' twice.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,0]}}""", 0, "The tensor 'a' of the weights file, Float32 [4294967296, 4294967296, 1], cannot lie at the bytes 0 to 0.")]
    [DataRow("""{"a":{"dtype":"F32","shape":[9000000000000000000,0,1],"data_offsets":[0,4]}}""", 4, "The tensor 'a' of the weights file, Float32 [9000000000000000000, 0, 1], cannot lie at the bytes 0 to 4.")]
    [DataRow("""{"__metadata__":{"a":1}}""", 0, "The metadata 'a' of the weights file is not a string, or is there twice.")]
    [DataRow("""{"__metadata__":[]}""", 0, "The metadata of the weights file is not an object of strings.")]
    public void AHostileHeaderIsRefusedBeforeAnythingIsAllocated(string header, int dataBytes, string message)
    {
        var error = Assert.ThrowsExactly<FormatException>(() => Open(File(header, dataBytes)));
        StringAssert.StartsWith(error.Message, message);
    }

    [TestMethod]
    public void AHeaderLongerThanTheFileIsRefused()
    {
        var file = File("{}", 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        var error = Assert.ThrowsExactly<FormatException>(() => Open(file));
        Assert.AreEqual("The header of the weights file claims 18446744073709551615 bytes; 2 are possible.", error.Message);
    }

    [TestMethod]
    public void AFileWithoutAHeaderIsRefused()
    {
        var error = Assert.ThrowsExactly<FormatException>(() => Open([1, 2, 3]));
        Assert.AreEqual("A weights file has at least 8 bytes; this one has 3.", error.Message);
    }

    [TestMethod]
    public void InvalidTextInANameIsRefused()
    {
        var file = File("""{"a?":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4);
        file[8 + 3] = 0xFF;
        Assert.ThrowsExactly<FormatException>(() => Open(file));
    }

    [TestMethod]
    public void EveryTruncationIsRefused()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [("a", ones(3)), ("b", ones(2, dtype: int64))]);
        var whole = stream.ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.ThrowsExactly<FormatException>(() => Open(whole[..length]), $"{length} bytes");
        }
    }

    [TestMethod]
    public void AStreamShorterThanItsClaimedLengthNamesTheTensor()
    {
        using var scope = NewDisposeScope();
        var file = File("""{"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        using var stream = new MemoryStream(file[..^3]);
        var reader = SafetensorsReader.Open(stream, file.Length);

        var error = Assert.ThrowsExactly<FormatException>(() => reader.ReadAll());

        Assert.AreEqual("The weights file ends inside the tensor 'weight': 8 bytes were expected, 5 found.", error.Message);
    }

    private static byte[] File(string header, int dataBytes)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    private static void Open(byte[] file)
    {
        using var stream = new MemoryStream(file);
        SafetensorsReader.Open(stream, file.Length);
    }
}
