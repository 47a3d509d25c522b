using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Distributed.Tests;

/// <summary>The weights in a model file, as they lie there.</summary>
internal static class SavedWeights
{
    /// <summary>Their bytes.</summary>
    public static byte[] Bytes(string model)
    {
        using var zip = ZipFile.OpenRead(model);
        using var entry = zip.Entries.Single(one => one.Name == "Weights.safetensors").Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The floating point ones, one after the other: a length, a header of so many bytes, and the numbers.</summary>
    public static float[] Numbers(string model)
    {
        var bytes = Bytes(model);
        var length = (int)BitConverter.ToInt64(bytes, 0);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        return [.. header.RootElement.EnumerateObject().Where(one => one.Name != "__metadata__" && one.Value.GetProperty("dtype").GetString() == "F32")
            .OrderBy(one => one.Name, StringComparer.Ordinal)
            .SelectMany(one =>
            {
                var (first, end) = (one.Value.GetProperty("data_offsets")[0].GetInt32(), one.Value.GetProperty("data_offsets")[1].GetInt32());
                return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + length + first, end - first)).ToArray();
            })];
    }

    /// <summary>The largest difference between two.</summary>
    public static double Difference(string one, string other)
    {
        var (a, b) = (Numbers(one), Numbers(other));
        Assert.AreEqual(a.Length, b.Length);
        Assert.IsGreaterThan(1000, a.Length);
        return a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();
    }
}
