using System.Text;

namespace MLExt.Tests.Documentation;

/// <summary>An ONNX file as exporters write those of image encoders, [N, 3, 224, 224] to [N, 512] with any N: the mean of each color, again and again.</summary>
internal static class TinyEmbedding
{
    private const int Length = 512;

    /// <summary>The bytes of the file.</summary>
    public static byte[] File()
    {
        var graph = Join(
            Field(1, Node("GlobalAveragePool", ["pixel_values"], "pooled")), Field(1, Node("Flatten", ["pooled"], "means")),
            Field(1, Node("Concat", [.. Enumerable.Repeat("means", (Length / 3) + 1)], "many", Attribute("axis", 1))),
            Field(1, Node("Slice", ["many", "start", "end", "axis"], "image_embeds")), Field(2, "graph"),
            Field(5, Number("start", 0)), Field(5, Number("end", Length)), Field(5, Number("axis", 1)),
            Field(11, Value("pixel_values", 3, 224, 224)), Field(12, Value("image_embeds", Length)));
        return Join(Field(1, 8), Field(7, graph), Field(8, Field(2, 17)));
    }

    private static byte[] Node(string kind, string[] inputs, string output, params byte[] attribute) =>
        Join([.. inputs.Select(input => Field(1, input)), Field(2, output), Field(4, kind), attribute]);

    private static byte[] Attribute(string name, int value) => Field(5, Join(Field(1, name), Field(3, value), Field(20, 2)));

    private static byte[] Number(string name, int value) => Join(Field(1, 1), Field(2, 7), Field(7, Varint(value)), Field(8, name));

    private static byte[] Value(string name, params int[] sizes) =>
        Join(Field(1, name), Field(2, Field(1, Join(Field(1, 1), Field(2, Join([Field(1, Field(2, "N")), .. sizes.Select(size => Field(1, Field(1, size)))]))))));

    // Protocol buffers: number and kind of a field, then its value.
    private static byte[] Field(int number, int value) => [.. Varint(number << 3), .. Varint(value)];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] bytes) => [.. Varint((number << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
