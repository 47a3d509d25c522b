using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class ModelFileTests
{
    private static byte[]? _classifier;
    private static byte[]? _generator;

    private static IDataView Rows => TrainedModel.Context.Data.LoadFromEnumerable(Symbols.Draw(4, 3, seed: 2));

    private static byte[] Classifier => _classifier ??= Saved(() => TrainedModel.Classifier(change: options => options.KeepSupport = true));

    private static byte[] Generator => _generator ??= TrainedModel.Save(TrainedModel.Generator, Rows.Schema);

    [TestMethod]
    public void AFreshProcessLoadsAClassifierWithoutItsGeneratorAndScoresTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using var classifier = TrainedModel.Classifier();
        TrainedModel.Context.Model.Save(classifier, Rows.Schema, folder["classifier.zip"]);
        var start = new ProcessStartInfo("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MLExtensions.FreshProcess.dll"));
        start.ArgumentList.Add("score");
        start.ArgumentList.Add(folder["classifier.zip"]);
        var rows = Symbols.Draw(4, 3, seed: 2);
        for (var i = 0; i < rows.Length; i++)
        {
            File.WriteAllBytes(folder[$"{i}.png"], rows[i].Features);
            start.ArgumentList.Add(folder[$"{i}.png"]);
        }

        var (exitCode, output, errors) = ProgramRun.Of(start);
        Assert.AreEqual(0, exitCode, errors);
        Assert.AreEqual(Symbols.Bits(classifier.Transform(Rows)), string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [TestMethod]
    public void ALoadedGeneratorMakesTheSameClassifiers()
    {
        using var loaded = (FewShotHyperTransformer)new MLContext().Model.Load(new MemoryStream(Generator), out _);
        Assert.AreEqual(TrainedModel.Generator.MaxWays, loaded.MaxWays);
        using var own = TrainedModel.Classifier();
        using var other = loaded.CreateClassifier(TrainedModel.Context.Data.LoadFromEnumerable(Symbols.Draw(4, 2, seed: 2)), Symbols.Named());
        Assert.AreEqual(Symbols.Bits(own.Transform(Rows)), Symbols.Bits(other.Transform(Rows)));
    }

    [TestMethod]
    public void FilesHoldNamedWeightsAndReadableConfigurations()
    {
        CollectionAssert.AreEquivalent(new[] { "Config.json", "Weights.safetensors", "Support.safetensors" }, Parts(Classifier));
        CollectionAssert.AreEquivalent(new[] { "Config.json", "Weights.safetensors" }, Parts(Generator));
        CollectionAssert.AreEquivalent(new[] { "Config.json", "Weights.safetensors" }, Parts(Saved(() => TrainedModel.Classifier())));
    }

    [TestMethod]
    public void AModelFromANewerVersionIsRefusedByName()
    {
        foreach (var (saved, signature, what) in new[] { (Classifier, "FEWSHOTC", "few-shot classifier"), (Generator, "FEWSHOTH", "few-shot hyper-transformer") })
        {
            var exception = LoadChanged(saved, "Model.key", content =>
            {
                var at = content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(signature));
                if (at >= 0)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at + 8), 0x00020003);  // written
                    BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at + 12), 0x00020001); // readable by
                }

                return content;
            });
            Assert.IsInstanceOfType<FormatException>(exception);
            Assert.AreEqual($"The {what} was saved by a newer version of Microsoft.ML.FewShot: the file has format 00020003 and needs a reader of format 00020001; " +
                "this one reads up to 00010001. Update the package.", exception.Message);
        }
    }

    [TestMethod]
    [DataRow("Config.json")]
    [DataRow("Weights.safetensors")]
    [DataRow("Support.safetensors")]
    public void AMissingOrTruncatedPartIsRefused(string part)
    {
        foreach (var saved in part == "Support.safetensors" ? [Classifier] : new[] { Classifier, Generator })
        {
            var missing = LoadChanged(saved, part, _ => null);
            Assert.IsInstanceOfType<FormatException>(missing);
            Assert.Contains($"'{part}' is missing", missing.Message);
            Assert.IsInstanceOfType<FormatException>(LoadChanged(saved, part, content => content[..(content.Length / 2)]));
        }
    }

    [TestMethod]
    [DataRow("\"classes\":4", "\"classes\":5", "5 classes")]
    [DataRow("\"slots\":[0", "\"slots\":[1", "'slots'")]
    [DataRow("\"feature\":\"Features\"", "\"feature\":\"\"", "'feature'")]
    [DataRow("\"columns\"", "\"rows\"", "'rows'")]
    [DataRow("\"support\":true,", "", "'support'")]
    [DataRow("\"label\":\"Name\"", "\"label\":null", "$.columns.label")]
    [DataRow("\"deviation\":[", "\"deviation\":[1,", "'deviation'")]
    [DataRow("\"method\":\"HyperTransformer\"", "\"method\":\"0\"", "$.method")]
    [DataRow("\"ImageSize\":16", "\"ImageSize\":-1", "ImageSize")]
    [DataRow("\"Channels\":4", "\"Channels\":5", "weights")]
    public void AConfigurationOfAClassifierThatCannotBeIsRefused(string part, string replacement, string message) => Refused(Classifier, part, replacement, message);

    [TestMethod]
    [DataRow("\"label\":\"Label\"", "\"label\":\"\"", "'label'")]
    [DataRow("\"maml\":null", "\"maml\":{}", "'maml'")]
    [DataRow("\"method\":\"HyperTransformer\"", "\"method\":\"Maml\"", "'maml'")]
    [DataRow("\"method\":\"HyperTransformer\"", "\"method\":\"LstmMetaLearner\"", "'lstm'")]
    [DataRow("\"maml\":null", "\"maml\":null,\"lstm\":{}", "'lstm'")]
    [DataRow("\"method\":\"HyperTransformer\"", "\"method\":\"LgmNet\"", "'shape'")]
    [DataRow("\"EncoderLayers\":2", "\"EncoderLayers\":2,\"ContextLength\":4", "'shape'")]
    [DataRow("\"EncoderLayers\":2", "\"EncoderLayers\":1000000", "EncoderLayers")]
    [DataRow("\"EncoderLayers\":2", "\"EncoderLayers\":1", "weights")]
    [DataRow("\"normalization\"", "\"other\"", "'other'")]
    [DataRow("\"maml\":null", "\"maml\":null,\"more\":1", "'more'")]
    public void AConfigurationOfAGeneratorThatCannotBeIsRefused(string part, string replacement, string message) => Refused(Generator, part, replacement, message);

    [TestMethod]
    public void AFileSaysHowManySamplesAClassifierWasMadeOf()
    {
        using var loaded = (FewShotClassifier)new MLContext().Model.Load(new MemoryStream(Classifier), out _);
        Assert.AreEqual((8, 0), (loaded.LabeledCount, loaded.UnlabeledCount));
    }

    [TestMethod]
    public void TheTwoPartsOfAGeneratorLoadByThemselves()
    {
        using var zip = new ZipArchive(new MemoryStream(Generator));
        Stream Part(string name)
        {
            using var stream = zip.Entries.Single(entry => entry.Name == name).Open();
            var content = new MemoryStream();
            stream.CopyTo(content);
            content.Position = 0;
            return content;
        }

        using var network = Persistence.FewShotModelFile.Read(Part("Config.json"), Part("Weights.safetensors"), TorchSharp.torch.CPU);
        Assert.AreEqual(FewShotMethod.HyperTransformer, network.Method);
    }

    private static void Refused(byte[] saved, string part, string replacement, string message)
    {
        var exception = LoadChanged(saved, "Config.json", content =>
        {
            var text = Encoding.UTF8.GetString(content);
            Assert.Contains(part, text);
            return Encoding.UTF8.GetBytes(text.Replace(part, replacement, StringComparison.Ordinal));
        });
        Assert.IsInstanceOfType<FormatException>(exception);
        Assert.Contains(message, exception.Message);
    }

    private static byte[] Saved(Func<FewShotClassifier> create)
    {
        using var classifier = create();
        return TrainedModel.Save(classifier, Rows.Schema);
    }

    private static string[] Parts(byte[] saved)
    {
        using var zip = new ZipArchive(new MemoryStream(saved));
        // ML.NET may add the version it was saved with, in a folder of its own.
        return [.. zip.Entries.Where(entry => entry.Name.Contains('.') && entry.Name != "Model.key" && !entry.Name.EndsWith(".sha256", StringComparison.Ordinal) && !entry.FullName.StartsWith("TrainingInfo", StringComparison.Ordinal))
            .Select(entry => entry.Name)];
    }

    /// <summary>Loads a copy of the model in which one part was changed, or left out, and returns why that failed.</summary>
    private static Exception LoadChanged(byte[] saved, string part, Func<byte[], byte[]?> change)
    {
        var changed = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(saved)))
        using (var target = new ZipArchive(changed, ZipArchiveMode.Create, leaveOpen: true))
        {
            // Without checksums, as files once were: they would say that a part was changed before anybody looked at what it says now.
            foreach (var entry in source.Entries.Where(entry => !entry.Name.EndsWith(".sha256", StringComparison.Ordinal)))
            {
                using var stream = entry.Open();
                var content = new MemoryStream();
                stream.CopyTo(content);
                if ((entry.Name == part ? change(content.ToArray()) : content.ToArray()) is { } kept)
                {
                    using var written = target.CreateEntry(entry.FullName).Open();
                    written.Write(kept);
                }
            }
        }

        changed.Position = 0;
        return Assert.Throws<Exception>(() => new MLContext().Model.Load(changed, out _)).GetBaseException();
    }
}
