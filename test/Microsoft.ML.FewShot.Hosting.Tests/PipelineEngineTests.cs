using System.IO.Compression;
using Microsoft.Extensions.Options;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Hosting.Tests;

/// <summary>The library's own engine, with a classifier of the generator that comes with Microsoft.ML.FewShot.</summary>
[TestClass]
public sealed class PipelineEngineTests
{
    private const int Side = 28;

    private static readonly MLContext Context = new(seed: 1);
    private static readonly byte[] Upright = Draw((x, _) => Math.Abs(x - (Side / 2)) < 3);
    private static readonly byte[] Level = Draw((_, y) => Math.Abs(y - (Side / 2)) < 3);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task AClassifierAnswersAsItDoesInItsPipeline(bool hasTextLabels)
    {
        var file = Save(hasTextLabels, out var expected);
        using var engine = new PipelineEngine(Options.Create(new HostedClassifierOptions()));
        await using var loaded = await engine.LoadAsync(file);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => loaded.PredictAsync(Level)));
        foreach (var answer in answers)
        {
            Assert.AreEqual("level", answer.Label);
            CollectionAssert.AreEqual((string[])["level", "up"], answer.Classes);
            CollectionAssert.AreEqual(expected.OrderDescending().ToArray(), answer.Probabilities);
            Assert.IsNull(answer.KnownScore);
        }

        Assert.AreEqual("up", (await loaded.PredictAsync(Upright)).Label);
        var e = await Assert.ThrowsExactlyAsync<HostedClassifierException>(() => loaded.PredictAsync([1, 2, 3]));
        Assert.AreEqual(HostedClassifierFault.BadImage, e.Fault);
        Assert.AreEqual("level", (await loaded.PredictAsync(Level)).Label);
    }

    [TestMethod]
    public async Task WhatIsNoClassifierOfImagesIsABadModel()
    {
        using var engine = new PipelineEngine(Options.Create(new HostedClassifierOptions()));
        await Fails(HostedClassifierFault.BadModel, () => engine.LoadAsync([1, 2, 3]));
        using var file = new MemoryStream();
        var numbers = Context.Data.LoadFromEnumerable([new Numbers()]);
        Context.Model.Save(Context.Transforms.NormalizeMinMax("Values").Fit(numbers), numbers.Schema, file);
        StringAssert.Contains(await Fails(HostedClassifierFault.BadModel, () => engine.LoadAsync(file.ToArray())), "expected one input column of bytes");
    }

    [TestMethod]
    public async Task AModelFileWithAPartOverwrittenIsABadModel()
    {
        var file = Save(hasTextLabels: true, out _);
        using var engine = new PipelineEngine(Options.Create(new HostedClassifierOptions()));
        var refused = new List<string>();
        using var whole = new ZipArchive(new MemoryStream(file));
        foreach (var name in whole.Entries.Where(entry => entry.Length > 0 && !entry.FullName.EndsWith("Version.txt", StringComparison.Ordinal)).Select(entry => entry.FullName))
        {
            using var damaged = new MemoryStream();
            damaged.Write(file);
            using (var archive = new ZipArchive(damaged, ZipArchiveMode.Update, leaveOpen: true))
            {
                archive.GetEntry(name)!.Delete();
                using var part = archive.CreateEntry(name).Open();
                part.Write([1, 2, 3]);
            }

            try
            {
                await (await engine.LoadAsync(damaged.ToArray())).DisposeAsync();   // ML.NET does not read every part
            }
            catch (HostedClassifierException e)
            {
                Assert.AreEqual(HostedClassifierFault.BadModel, e.Fault);
                refused.Add(name);
            }
        }

        Assert.Contains("Schema", refused);
        Assert.IsTrue(refused.Any(name => name.EndsWith("Model.key", StringComparison.Ordinal)), string.Join(", ", refused));
    }

    [TestMethod]
    public async Task BeyondWhatMayWaitRequestsAreRefused()
    {
        var file = Save(hasTextLabels: true, out _);
        using var engine = new PipelineEngine(Options.Create(new HostedClassifierOptions { MaxWaiting = 2 }));
        await using var loaded = await engine.LoadAsync(file);
        // Far faster asked than answered.
        var asked = Enumerable.Range(0, 500).Select(_ => loaded.PredictAsync(Level)).ToArray();
        var refused = 0;
        foreach (var one in asked)
        {
            try
            {
                await one;
            }
            catch (HostedClassifierException e) when (e.Fault == HostedClassifierFault.Busy)
            {
                refused++;
            }
        }

        Assert.IsInRange(1, asked.Length - 1, refused);
        Assert.AreEqual("level", (await loaded.PredictAsync(Level)).Label);
    }

    private static byte[] Save(bool hasTextLabels, out float[] expected)
    {
        using var generator = FewShotHyperTransformer.LoadPretrained(Context, PretrainedGenerator.Symbols);
        var support = Context.Data.LoadFromEnumerable([new Example { Features = Upright, Label = "up" }, new Example { Features = Level, Label = "level" }]);
        IEstimator<ITransformer> pipeline = Context.MulticlassClassification.Trainers.FewShotClassifier(generator);
        if (hasTextLabels)
        {
            // As the app's: keys of labels before, for measuring, and text after.
            pipeline = Context.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Append(pipeline).Append(Context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        }

        var model = pipeline.Fit(support);
        expected = model.Transform(support).GetColumn<float[]>("Score").Last();
        using var file = new MemoryStream();
        Context.Model.Save(model, support.Schema, file);
        return file.ToArray();
    }

    private static async Task<string> Fails(HostedClassifierFault fault, Func<Task> act)
    {
        var e = await Assert.ThrowsExactlyAsync<HostedClassifierException>(act);
        Assert.AreEqual(fault, e.Fault, e.Message);
        return e.Message;
    }

    private static byte[] Draw(Func<int, int, bool> isInk) => PngFile.Encode(Side, Side, (x, y) => isInk(x, y) ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255));

    private sealed class Example
    {
        public byte[] Features { get; init; } = [];

        public string Label { get; init; } = "";
    }

    private sealed class Numbers
    {
        [VectorType(2)]
        public float[] Values { get; init; } = [1, 2];
    }
}
