using System.IO.Compression;
using System.Reflection;
using System.Reflection.Emit;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public sealed class VerifiedLoadingTests
{
    private const string Config = "TransformerChain/Config.json", Weights = "TransformerChain/Weights.safetensors";

    private readonly MLContext _context = new(1);

    private static byte[] Honest { get; } = Save();

    [TestMethod]
    public void AnHonestModelScoresAsLoadedPlainly()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["model.zip"], Honest);
        var pictures = _context.Data.LoadFromEnumerable(DrawnImages.Pictures(6, seed: 2));
        var plain = _context.Model.Load(folder["model.zip"], out var schema);
        var fromFile = _context.Model.LoadVerified(folder["model.zip"], out var fromFileSchema);
        var fromStream = _context.Model.LoadVerified(new MemoryStream(Honest), out _);
        Assert.AreEqual(schema.Count, fromFileSchema!.Count);
        Assert.AreEqual(DrawnImages.Bits(plain.Transform(pictures)), DrawnImages.Bits(fromFile.Transform(pictures)));
        Assert.AreEqual(DrawnImages.Bits(plain.Transform(pictures)), DrawnImages.Bits(fromStream.Transform(pictures)));
        foreach (var model in (ITransformer[])[plain, fromFile, fromStream])
        {
            ((IDisposable)model).Dispose();
        }
    }

    [TestMethod]
    public void WhatIsNoHonestModelIsRefusedWithTheNameOfTheFileAndTheFault()
    {
        using var folder = new TemporaryFolder();
        (string Fault, byte[] File)[] cases =
        [
            ("it is no zip file, as models of ML.NET are, or cut off.", "no model"u8.ToArray()),
            ("it is no zip file, as models of ML.NET are, or cut off.", Honest[..^100]),
            ("the zip file holds no model.", Change(parts => parts.RemoveAll(part => part.Name.EndsWith("Model.key", StringComparison.Ordinal)))),
            ("its part '../Config.json' leads out of the file.", Change(parts => parts.Add(("../Config.json", [])))),
            ($"its part '{Config}' is there twice.", Change(parts => parts.Add(parts.Single(part => part.Name == Config)))),
            ("it has 10007 parts; at most 10000 are read.", Change(parts => parts.AddRange(Enumerable.Range(0, 10_000).Select(part => ($"{part}", Array.Empty<byte>()))))),
            ("its part 'bomb' would unpack to 83886080 bytes, too many for a file of ", Change(parts => parts.Add(("bomb", new byte[80 << 20])))),
            ($"its part '{Weights}' is damaged: its checksum is another one.", FlippedChecksum()),
            ("is damaged: its part 'Weights.safetensors' is not what was written.", ChangePart(Weights, bytes => bytes[^1] ^= 1, isSigned: false)),
            ("is incomplete: its part 'Weights.safetensors' is missing.", Change(parts => parts.RemoveAll(part => part.Name == Weights))),
            ("has values that are no finite numbers.", ChangePart(Weights, bytes => BitConverter.GetBytes(float.NaN).CopyTo(bytes, bytes.Length - 4))),
            ("has values that are no finite numbers.", ChangePart(Weights, bytes => BitConverter.GetBytes(float.PositiveInfinity).CopyTo(bytes, bytes.Length - 4))),
            ("it has too few numbers for the sizes of the configuration", Replace("\"Width\":[0-9]+", "\"Width\":65536")),
            ("its part 'Schema' is damaged: a vector has -1241513983 dimensions.", ChangePart("Schema", bytes => bytes[Dimensions(bytes) + 3] = 0xB6, isSigned: false)),
            ("its part 'Schema' is damaged: an annotation of ", ChangePart("Schema", bytes => bytes[Dimensions(bytes) + 7] = 0x7D, isSigned: false)),
            ("cannot be read: The JSON", Replace("^{", new string('[', 100_000))),
        ];
        foreach (var (fault, file) in cases)
        {
            File.WriteAllBytes(folder["model.zip"], file);
            var refused = Assert.ThrowsExactly<FormatException>(() => _context.Model.LoadVerified(folder["model.zip"], out _), fault);
            StringAssert.StartsWith(refused.Message, $"'{folder["model.zip"]}' is not a model that can be loaded: ");
            StringAssert.Contains(refused.Message, fault);
        }
    }

    [TestMethod]
    [DataRow(19.5, "the zip file holds no model.")]
    [DataRow(20.5, "its part 'zeros' would unpack to ")]
    public void AFileUnpacksToTwentyTimesItsLengthAndSixtyFourMegabytesAndNoMore(double times, string fault)
    {
        const int Least = 64 << 20;
        var (file, unpacked) = (Zeros(Least), Least);
        for (var round = 0; round < 3; round++)
        {
            unpacked = Least + (int)(times * file.Length);
            file = Zeros(unpacked);
        }

        Assert.AreEqual(times, (unpacked - Least) / (double)file.Length, 0.1);
        var refused = Assert.ThrowsExactly<FormatException>(() => _context.Model.LoadVerified(new MemoryStream(file), out _));
        StringAssert.StartsWith(refused.Message, "The stream is not a model that can be loaded: " + fault);

        static byte[] Zeros(int count) => Pack([("zeros", new byte[count])]);
    }

    [TestMethod]
    public void WhatIsNotTheFilesFaultIsNotBlamedOnIt()
    {
        Assert.ThrowsExactly<FileNotFoundException>(() => _context.Model.LoadVerified("no-such-file.zip", out _));
        _context.GpuDeviceId = 99;
        var device = Assert.ThrowsExactly<InvalidOperationException>(() => _context.Model.LoadVerified(new MemoryStream(Honest), out _));
        Assert.StartsWith("GpuDeviceId is 99", device.Message);
    }

    // The file names the assembly that reads it, which ML.NET loads by its name where the app has it, and brings one of that name along.
    [TestMethod]
    public void NothingThatAFileBringsAlongIsRun()
    {
        const string Own = "Microsoft.ML.TTT", Foreign = "Xicrosoft.ML.TTT";
        using var folder = new TemporaryFolder();
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Foreign) { Version = typeof(TTTImageClassificationTrainer).Assembly.GetName().Version }, typeof(object).Assembly);
        assembly.DefineDynamicModule(Foreign).DefineType("Loader", TypeAttributes.Public).CreateType();
        assembly.Save(folder[Foreign + ".dll"]);
        var file = Change(parts =>
        {
            var key = parts.Single(part => part.Name == "TransformerChain/Model.key").Bytes;
            var place = key.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Own + ","));
            Assert.IsGreaterThan(0, place);
            Encoding.Unicode.GetBytes(Foreign).CopyTo(key, place);
            parts.AddRange(from name in (string[])["", "TransformerChain/"] select ($"{name}{Foreign}.dll", File.ReadAllBytes(folder[Foreign + ".dll"])));
        });
        File.WriteAllBytes(folder["model.zip"], file);

        // The name is asked for, and found neither in the file nor beside it.
        var asked = new List<string?>();
        Assembly? Resolve(object? sender, ResolveEventArgs args)
        {
            asked.Add(args.Name);
            return null;
        }

        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
        Assert.ThrowsExactly<FileNotFoundException>(() => _context.Model.LoadVerified(folder["model.zip"], out _));
        AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
        Assert.IsTrue(asked.Exists(name => name!.StartsWith(Foreign, StringComparison.Ordinal)));
        Assert.DoesNotContain(Foreign, AppDomain.CurrentDomain.GetAssemblies().Select(loaded => loaded.GetName().Name));
    }

    [TestMethod]
    public void ARefusedModelLeavesNoTensors()
    {
        foreach (var damaged in (byte[][])[ChangePart(Weights, bytes => BitConverter.GetBytes(float.NaN).CopyTo(bytes, bytes.Length - 4)), Replace("\"Width\":[0-9]+", "\"Width\":65536")])
        {
            void Refuse() => Assert.ThrowsExactly<FormatException>(() => _context.Model.LoadVerified(new MemoryStream(damaged), out _));
            Refuse();
            TensorLedger.Leaves(0, Refuse);
        }
    }

    [TestMethod]
    public void WeightsThatAreFarTooLargeAreNotAnsweredWith()
    {
        // Finite, but their products are not.
        var large = ChangePart(Weights, bytes =>
        {
            var header = (int)BitConverter.ToInt64(bytes);
            for (var at = 8 + header; at + 4 <= bytes.Length; at += 4)
            {
                BitConverter.GetBytes(1e38f).CopyTo(bytes, at);
            }
        });
        var model = _context.Model.LoadVerified(new MemoryStream(large), out _);
        var pictures = _context.Data.LoadFromEnumerable(DrawnImages.Pictures(2, seed: 2));
        var refused = Assert.ThrowsExactly<InvalidOperationException>(() => model.Transform(pictures).GetColumn<float[]>("Score").ToArray());
        Assert.StartsWith("The model's scores are no numbers", refused.Message);
        ((IDisposable)model).Dispose();
    }

    // Where the names of the classes say that they are a vector: the number of dimensions, and these. ML.NET's reader would go on for hours.
    private static int Dimensions(byte[] schema)
    {
        var vector = "\u0007VBuffer\u0012\u0008TextSpan\0"u8;
        var place = schema.AsSpan().IndexOf(vector);
        Assert.IsGreaterThan(0, place);
        return place + vector.Length;
    }

    private static byte[] Save()
    {
        var context = new MLContext(1);
        var data = DrawnImages.Keyed(context, DrawnImages.Pictures(12, seed: 1));
        using var model = DrawnImages.Trainer(context, options => options.Epoch = 1).Fit(data);
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);
        return file.ToArray();
    }

    private static byte[] Replace(string pattern, string by) => Change(parts =>
    {
        var place = parts.FindIndex(part => part.Name == Config);
        var text = Encoding.UTF8.GetString(parts[place].Bytes);
        var changed = Regex.Replace(text, pattern, by);
        Assert.AreNotEqual(text, changed);
        parts[place] = (Config, Encoding.UTF8.GetBytes(changed));
        Sign(parts, Config);
    });

    private static byte[] ChangePart(string name, Action<byte[]> change, bool isSigned = true) => Change(parts =>
    {
        change(parts.Single(part => part.Name == name).Bytes);
        if (isSigned)
        {
            Sign(parts, name);
        }
    });

    private static void Sign(List<(string Name, byte[] Bytes)> parts, string name)
    {
        var place = parts.FindIndex(part => part.Name == name + ".sha256");
        parts[place] = (name + ".sha256", SHA256.HashData(parts.Single(part => part.Name == name).Bytes));
    }

    private static byte[] Change(Action<List<(string Name, byte[] Bytes)>> change)
    {
        var parts = new List<(string Name, byte[] Bytes)>();
        using (var zip = new ZipArchive(new MemoryStream(Honest)))
        {
            foreach (var entry in zip.Entries)
            {
                using var stream = entry.Open();
                var bytes = new byte[entry.Length];
                stream.ReadExactly(bytes);
                parts.Add((entry.FullName.Replace('\\', '/'), bytes));
            }
        }

        change(parts);
        return Pack(parts);
    }

    private static byte[] Pack(List<(string Name, byte[] Bytes)> parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in parts)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        }

        return file.ToArray();
    }

    // In the archive's directory, where 46 bytes stand before a name and the checksum 16 bytes from their start.
    private static byte[] FlippedChecksum()
    {
        var file = (byte[])Honest.Clone();
        file[ChecksumPlace(file)] ^= 1;
        return file;
    }

    private static int ChecksumPlace(byte[] file)
    {
        for (var at = file.AsSpan().IndexOf("PK\u0001\u0002"u8); at >= 0;)
        {
            var length = BitConverter.ToUInt16(file, at + 28);
            if (Encoding.UTF8.GetString(file, at + 46, length).Replace('\\', '/') == Weights)
            {
                return at + 16;
            }

            var next = file.AsSpan(at + 4).IndexOf("PK\u0001\u0002"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }

        throw new InvalidOperationException();
    }
}
