using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class ModelFileTests
{
    private static TrainedModel? _trained;

    private static TrainedModel Trained => _trained ??= new TrainedModel();

    [ClassCleanup]
    public static void FreeModel() => _trained?.Dispose();

    [TestMethod]
    public void AFreshProcessLoadsTheModelWithoutBeingToldAboutItAndScoresTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var files = TinyImages.WriteFolder(folder.Path, perClass: 2, DrawnImages.Side);
        var path = folder["model.zip"];
        Trained.Context.Model.Save(Trained.Transformer, Trained.Data.Schema, path);
        var data = Trained.Context.Data.LoadFromEnumerable(files.Select(file => new DrawnImages.Picture { Features = File.ReadAllBytes(file) }));

        var start = new ProcessStartInfo("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MLExtensions.FreshProcess.dll"));
        start.ArgumentList.Add("score");
        start.ArgumentList.Add(path);
        files.ToList().ForEach(start.ArgumentList.Add);
        var (exitCode, output, errors) = ProgramRun.Of(start);
        Assert.AreEqual(0, exitCode, errors);
        Assert.AreEqual(DrawnImages.Bits(Trained.Transformer.Transform(data)), string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [TestMethod]
    public void AModelHoldsNamedWeightsAndAReadableConfigurationAndNoCode()
    {
        using var zip = new ZipArchive(new MemoryStream(Trained.Save()));
        Assert.IsTrue(zip.Entries.Any(entry => entry.FullName.EndsWith("Weights.safetensors", StringComparison.Ordinal)));
        var config = zip.Entries.Single(entry => entry.FullName.EndsWith("Config.json", StringComparison.Ordinal));
        using var reader = new StreamReader(config.Open());
        var text = reader.ReadToEnd();
        Assert.Contains("\"blue-diagonal\"", text);
        Assert.DoesNotContain("Gpu", text);
    }

    [TestMethod]
    public void AModelFromANewerVersionIsRefusedByName()
    {
        var exception = LoadChanged("Model.key", content =>
        {
            var at = content.AsSpan().IndexOf("TTTIMAGE"u8);
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at + 8), 0x00020003);  // written
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at + 12), 0x00020001); // readable by
            return content;
        });
        Assert.IsInstanceOfType<FormatException>(exception);
        Assert.AreEqual("The test-time-training image classifier was saved by a newer version of Microsoft.ML.TTT: the file has format 00020003 and needs a reader of format 00020001; " +
            "this one reads up to 00010001. Update the package.", exception.Message);
    }

    [TestMethod]
    [DataRow("Config.json")]
    [DataRow("Weights.safetensors")]
    [DataRow("Weights.safetensors.sha256")]
    public void APartOfWhichOneBitIsAnotherIsRefused(string part)
    {
        var exception = LoadChanged(part, content =>
        {
            content[^1] ^= 1;
            return content;
        }, hasChecksums: true);
        Assert.AreEqual($"The test-time-training image classifier is damaged: its part '{part.Replace(".sha256", "", StringComparison.Ordinal)}' is not what was written.", exception.Message);
    }

    [TestMethod]
    [DataRow("Config.json", "cannot be read")]
    [DataRow("Weights.safetensors", "")]
    public void ATruncatedPartIsRefused(string part, string message)
    {
        var exception = LoadChanged(part, content => content[..(content.Length / 2)]);
        Assert.IsInstanceOfType<FormatException>(exception);
        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    [DataRow("Config.json")]
    [DataRow("Weights.safetensors")]
    public void AMissingPartIsRefusedByName(string part)
    {
        var exception = LoadChanged(part, _ => null);
        Assert.IsInstanceOfType<FormatException>(exception);
        Assert.Contains($"'{part}' is missing", exception.Message);
    }

    [TestMethod]
    [DataRow("\"classes\":3", "\"classes\":4", "4 classes")]
    [DataRow("\"type\":\"Text\"", "\"type\":\"Code\"", "'Code'")]
    [DataRow("\"feature\":\"Features\"", "\"feature\":\"\"", "'feature'")]
    [DataRow("\"columns\"", "\"rows\"", "'rows'")]
    [DataRow("\"deviation\":[", "\"deviation\":[1,", "'deviation'")]
    [DataRow("\"Depth\":1", "\"Depth\":1000000", "Depth must be in")]
    [DataRow("\"Depth\":1", "\"Depth\":2", "")]
    public void AConfigurationThatCannotBeIsRefused(string part, string replacement, string message)
    {
        var exception = LoadChanged("Config.json", content =>
        {
            var text = Encoding.UTF8.GetString(content);
            Assert.Contains(part, text);
            return Encoding.UTF8.GetBytes(text.Replace(part, replacement, StringComparison.Ordinal));
        });
        Assert.IsInstanceOfType<FormatException>(exception);
        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    public void AFullDiskIsToldWhileSaving()
    {
        using var full = new FullDisk();
        Assert.Throws<Exception>(() => Trained.Context.Model.Save(Trained.Transformer, Trained.Data.Schema, full));
    }

    /// <summary>Loads a copy of the model in which one part was changed, or left out, and returns why that failed.</summary>
    private static Exception LoadChanged(string part, Func<byte[], byte[]?> change, bool hasChecksums = false)
    {
        var changed = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(Trained.Save())))
        using (var target = new ZipArchive(changed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries.Where(entry => hasChecksums || !entry.FullName.EndsWith(".sha256", StringComparison.Ordinal)))
            {
                using var stream = entry.Open();
                var content = new MemoryStream();
                stream.CopyTo(content);
                var isMeant = entry.FullName.EndsWith(part, StringComparison.Ordinal) && (part != "Model.key" || content.ToArray().AsSpan().IndexOf("TTTIMAGE"u8) >= 0);
                if ((isMeant ? change(content.ToArray()) : content.ToArray()) is { } kept)
                {
                    using var written = target.CreateEntry(entry.FullName).Open();
                    written.Write(kept);
                }
            }
        }

        changed.Position = 0;
        return Assert.Throws<Exception>(() => new MLContext().Model.Load(changed, out _)).GetBaseException();
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
