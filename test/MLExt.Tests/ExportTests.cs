using System.Text.Json;
using MLExt.Tests.FewShot;
using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed class ExportTests
{
    private const int Side = 16;

    [TestMethod]
    public void AModelThatSharesNothingHasNoParts()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("export", "--model", TrainedModel.ModelFile, "--onnx", folder["head.onnx"], "--part", "head").Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "has no part Head: only few-shot classifiers of photographs share their embedding");
        Assert.IsFalse(File.Exists(folder["head.onnx"]));
        StringAssert.Contains(Tool.Run("export", "--model", TrainedModel.ModelFile, "--onnx", folder["x.onnx"], "--part", "tail").Expect(ExitCode.Usage).Error, "--part must be one of whole, embedding, head; it is 'tail'");
    }

    [TestMethod]
    public void OnnxRuntimeAnswersAsPredictDoes()
    {
        using var folder = new TemporaryFolder();
        var rgba = TinyImages.Draw(2, Side, new Random(5));
        TinyImages.Save(folder["image.png"], rgba, Side);
        var result = Tool.Run("export", "--model", TrainedModel.ModelFile, "--onnx", folder["out", "bars.onnx"], "--json", folder["e.json"]).Expect(ExitCode.Success);
        var bytes = new FileInfo(folder["out", "bars.onnx"]).Length;
        StringAssert.Contains(result.Output, $"The ONNX file is {folder["out", "bars.onnx"]} (");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.AreEqual(bytes, json.RootElement.GetProperty("bytes").GetInt64());
        string[] classes = [.. json.RootElement.GetProperty("classes").EnumerateArray().Select(one => one.GetString()!)];

        Tool.Run("predict", "--model", TrainedModel.ModelFile, "--top", "9", "--json", folder["p.json"], folder["image.png"]).Expect(ExitCode.Success);
        using var predicted = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
        var expected = predicted.RootElement.GetProperty("predictions")[0].GetProperty("probabilities").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("probability").GetSingle());
        byte[] rgb = [.. rgba.Where((_, i) => i % 4 != 3)];
        var actual = OnnxRunner.Run(folder["out", "bars.onnx"], "image", rgb, [1, Side, Side, 3]);
        OnnxRunner.AreAlike([[.. classes.Select(name => expected[name])]], actual);
    }

    [TestMethod]
    public void AGeneratorIsRefusedAndNothingIsWritten()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("export", "--model", TrainedGenerator.ModelFile, "--onnx", folder["out", "g.onnx"]).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, TrainedGenerator.ModelFile);
        StringAssert.Contains(result.Error, "generates classifiers and is none itself");
        Assert.AreEqual(0, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void WhatIsNoModelIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["no.zip"], "no model");
        var result = Tool.Run("export", "--model", folder["no.zip"], "--onnx", folder["no.onnx"]).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, "is not a model that can be loaded");
        Assert.IsFalse(File.Exists(folder["no.onnx"]));
    }
}
