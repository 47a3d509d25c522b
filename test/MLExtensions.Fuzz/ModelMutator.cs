using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MLExtensions.Fuzz;

/// <summary>Changes saved models by what they consist of: a zip file with JSON, tensors, checksums and what ML.NET adds.</summary>
internal static class ModelMutator
{
    private const string ChecksumEnding = ".sha256";
    private const int BombBytes = 64 << 20;

    private static readonly string[] OddNumbers = ["-1", "0", "1", "2", "65536", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "1e308", "-0.0", "0.5", "1e-320"];

    /// <summary>A mutant of a model file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="other">Another one, of which pieces are taken.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[] Mutate(byte[] file, byte[] other, Random random)
    {
        if (random.Next(3) == 0)
        {
            return ByteMutator.Mutate(file, other, random);
        }

        var parts = Read(file);
        for (var changes = random.Next(4) == 0 ? 3 : 1; changes > 0; changes--)
        {
            Change(parts, other, random);
        }

        var zip = Write(parts, random);
        return random.Next(16) == 0 ? ByteMutator.Mutate(zip, other, random) : zip;
    }

    /// <summary>The entries of a zip file.</summary>
    public static List<(string Name, byte[] Bytes)> Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return [.. zip.Entries.Select(entry =>
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return (entry.FullName, bytes);
        })];
    }

    private static byte[] Write(List<(string Name, byte[] Bytes)> parts, Random random)
    {
        var isSigned = random.Next(4) > 0;
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in parts)
            {
                var content = isSigned && name.EndsWith(ChecksumEnding, StringComparison.Ordinal) && parts.Find(part => part.Name + ChecksumEnding == name) is { Bytes: { } signed }
                    ? SHA256.HashData(signed) : bytes;
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static void Change(List<(string Name, byte[] Bytes)> parts, byte[] other, Random random)
    {
        if (parts.Count == 0)
        {
            return;
        }

        var place = random.Next(parts.Count);
        var (name, bytes) = parts[place];
        switch (random.Next(24))
        {
            case 0:
                parts.RemoveAt(place);
                return;
            case 1:
                parts.Insert(random.Next(parts.Count + 1), parts[place]);
                return;
            case 2:
                parts[place] = (random.Next(5) switch { 0 => "../" + name, 1 => "/" + name, 2 => name.Replace('/', '\\'), 3 => name.ToUpperInvariant(), _ => name + "x" }, bytes);
                return;
            case 3:
                var second = random.Next(parts.Count);
                (parts[place], parts[second]) = ((name, parts[second].Bytes), (parts[second].Name, bytes));
                return;
            case 4:
                parts[place] = (name, []);
                return;
            case 5 when random.Next(20) == 0:
                parts[place] = (name, new byte[BombBytes]);
                return;
            case 6:
                var theirs = Read(other);
                parts[place] = (name, theirs.Find(part => part.Name == name).Bytes ?? theirs[random.Next(theirs.Count)].Bytes);
                return;
            case 7 or 8:
                parts[place] = (name, ByteMutator.Mutate(bytes, other, random));
                return;
        }

        // What the library itself reads is changed most.
        var config = parts.FindIndex(part => part.Name.EndsWith("Config.json", StringComparison.Ordinal));
        var weights = parts.FindIndex(part => part.Name.EndsWith(".safetensors", StringComparison.Ordinal) && random.Next(2) == 0);
        weights = weights < 0 ? parts.FindLastIndex(part => part.Name.EndsWith(".safetensors", StringComparison.Ordinal)) : weights;
        if (random.Next(2) == 0 && config >= 0)
        {
            parts[config] = (parts[config].Name, ChangeJson(parts[config].Bytes, random));
        }
        else if (weights >= 0)
        {
            parts[weights] = (parts[weights].Name, ChangeTensors(parts[weights].Bytes, random));
        }
    }

    /// <summary>JSON with a member replaced or removed.</summary>
    public static byte[] ChangeJson(byte[] json, Random random)
    {
        JsonNode? root;
        var nodes = new List<JsonNode>();
        try
        {
            root = JsonNode.Parse(json);
            Collect(root, nodes);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            return ByteMutator.Mutate(json, json, random); // mutated before
        }

        if (nodes.Count == 0)
        {
            return json;
        }

        var node = nodes[random.Next(nodes.Count)];
        var marker = JsonValue.Create("\u0001");
        var depth = 1 << random.Next(4, 15);
        var text = random.Next(10) switch
        {
            < 5 => OddNumbers[random.Next(OddNumbers.Length)],
            5 => "null",
            6 => "\"\"",
            7 => random.Next(2) == 0 ? "[]" : "{}",
            8 => new string('[', depth) + new string(']', depth),
            _ => "[" + string.Join(",", Enumerable.Repeat(OddNumbers[random.Next(OddNumbers.Length)], 1 << random.Next(1, 12))) + "]",
        };
        var whole = root!;
        if (random.Next(8) == 0 && node.Parent is JsonObject parent)
        {
            parent.Remove(node.GetPropertyName());
            return Encoding.UTF8.GetBytes(whole.ToJsonString());
        }

        if (node.Parent is null)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        node.ReplaceWith(marker);
        return Encoding.UTF8.GetBytes(whole.ToJsonString().Replace("\"\\u0001\"", text, StringComparison.Ordinal));
    }

    private static void Collect(JsonNode? node, List<JsonNode> all)
    {
        if (node is null)
        {
            return;
        }

        all.Add(node);
        foreach (var child in node switch { JsonObject members => members.Select(member => member.Value), JsonArray items => items, _ => [] })
        {
            Collect(child, all);
        }
    }

    /// <summary>A safetensors file with another header, weights or length of the header.</summary>
    public static byte[] ChangeTensors(byte[] file, Random random)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadInt64LittleEndian(file) is var length && (length < 0 || length > file.Length - 8))
        {
            return ByteMutator.Mutate(file, file, random);
        }

        var header = file.AsSpan(8, (int)length).ToArray();
        var data = file.AsSpan(8 + (int)length).ToArray();
        switch (random.Next(4))
        {
            case 0:
                header = ChangeJson(header, random);
                break;
            case 1:
                // A number that is none, or a huge or tiny one, in one weight or in many.
                float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, -float.MaxValue, 1e30f];
                for (var count = 1 << random.Next(10); count > 0 && data.Length >= 4; count--)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(random.Next(data.Length / 4) * 4), odd[random.Next(odd.Length)]);
                }

                break;
            case 2:
                var claimed = random.Next(4) switch { 0 => long.MaxValue, 1 => -1, 2 => length + 1 + random.Next(1000), _ => random.Next((int)length) };
                return [.. BitConverter.GetBytes(claimed), .. header, .. data];
            default:
                data = ByteMutator.Mutate(data, header, random);
                break;
        }

        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];
    }
}
