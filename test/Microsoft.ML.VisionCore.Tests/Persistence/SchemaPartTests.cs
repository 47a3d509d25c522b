using Microsoft.ML.VisionCore.Persistence;

namespace Microsoft.ML.VisionCore.Tests.Persistence;

/// <summary>Schemas written by hand, at the limits of what is read.</summary>
[TestClass]
public sealed class SchemaPartTests
{
    private const int HeaderBytes = 256;

    private static byte[] Text { get; } = Codec("TextSpan");

    [TestMethod]
    public void TypesMayBeNestedSevenTimes()
    {
        static byte[] Nested(int vectors) => Enumerable.Range(0, vectors).Aggregate(Text, (inner, _) => Vector(inner, 1));
        Assert.IsNull(SchemaPart.Fault(Schema(Nested(7))));
        Assert.AreEqual("its types are nested too deeply", SchemaPart.Fault(Schema(Nested(8))));
        // As many would take the process down, where each is a call.
        Assert.AreEqual("its types are nested too deeply", SchemaPart.Fault(Schema(Nested(2_000))));
    }

    [TestMethod]
    public void AVectorOfAnAnnotationMayBeMostlyEmptyUpToALimit()
    {
        Assert.IsNull(SchemaPart.Fault(Schema(Text, Vector(Text, 65_536))));
        Assert.AreEqual("an annotation of 4 bytes has 65537 items", SchemaPart.Fault(Schema(Text, Vector(Text, 65_537))));
    }

    [TestMethod]
    public void AnAnnotationMustLieWithin()
    {
        Assert.IsNull(SchemaPart.Fault(Schema(Text, Text, shift: 4, length: 0)), "nothing, at the end");
        foreach (var (shift, length) in new (long, long)[] { (5, 0), (1, 4), (0, 5), (long.MinValue / 2, 4), (0, -1), (long.MaxValue / 2, long.MaxValue / 2) })
        {
            Assert.AreEqual("an annotation lies outside of it", SchemaPart.Fault(Schema(Text, Text, shift, length)), $"{shift}, {length}");
        }
    }

    // One column, with an annotation of four bytes if it has a type; said to lie elsewhere, and to be longer or shorter, if wished.
    private static byte[] Schema(byte[] type, byte[]? annotation = null, long shift = 0, long length = 4)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("CML\0DVB\0"u8);
        bytes.Position = 24;
        writer.Write((long)HeaderBytes);
        writer.Write(0L);
        writer.Write(0L);
        writer.Write(1);
        bytes.SetLength(HeaderBytes);
        bytes.Position = HeaderBytes;
        writer.Write("Column");
        writer.Write(type);
        writer.Write((byte)0);
        writer.Write7BitEncodedInt64(0);
        writer.Write(0L);
        writer.Write(annotation is null ? 0 : bytes.Position + sizeof(long));
        if (annotation is not null)
        {
            writer.Write7BitEncodedInt64(1);
            writer.Write("SlotNames");
            writer.Write(annotation);
            writer.Write((byte)0);
            using var size = new MemoryStream();
            using var sizeWriter = new BinaryWriter(size);
            sizeWriter.Write7BitEncodedInt64(length);
            writer.Write(bytes.Position + sizeof(long) + size.Length + shift);
            writer.Write(size.ToArray());
            writer.Write(0);
        }

        return bytes.ToArray();
    }

    private static byte[] Vector(byte[] item, int size) => Codec("VBuffer", [.. item, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(size)]);

    private static byte[] Codec(string name, params byte[] parameters)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(name);
        writer.Write7BitEncodedInt64(parameters.Length);
        writer.Write(parameters);
        return bytes.ToArray();
    }
}
