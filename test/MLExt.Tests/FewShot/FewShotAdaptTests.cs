using System.Globalization;
using System.Text.Json;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.FewShot;

[TestClass]
public sealed class FewShotAdaptTests
{
    private const int Symbols = 5;

    [TestMethod]
    public void AFewExamplesBecomeAClassifierThatPredictUses()
    {
        using var folder = new TemporaryFolder();
        var rest = SplitOff(folder, labelled: 3, unlabelled: 0);
        var result = Adapt(folder, "--json", folder["a.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "5 classes, 15 labelled images, ");
        StringAssert.Contains(result.Output, $"The classifier is in {folder["classifier.zip"]} (");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["a.json"]));
        var root = json.RootElement;
        Assert.AreEqual("hyper-transformer", root.GetProperty("method").GetString());
        Assert.AreEqual(Symbols, root.GetProperty("classes").GetArrayLength());
        Assert.AreEqual(15, root.GetProperty("labelled").GetInt32());
        Assert.AreEqual(0, root.GetProperty("unlabelled").GetInt32());
        Assert.AreEqual(new FileInfo(folder["classifier.zip"]).Length, root.GetProperty("bytes").GetInt64());
        Assert.IsLessThan(60 * 1024L, root.GetProperty("bytes").GetInt64());
        Assert.IsLessThan(new FileInfo(TrainedGenerator.ModelFile).Length, root.GetProperty("bytes").GetInt64());

        File.Move(TrainedGenerator.ModelFile, TrainedGenerator.ModelFile + ".away");
        try
        {
            var lines = Tool.Run(["predict", "--model", folder["classifier.zip"], .. rest]).Expect(ExitCode.Success).Output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var right = rest.Zip(lines).Count(pair => pair.Second.StartsWith($"{pair.First}: {Path.GetFileName(Path.GetDirectoryName(pair.First))} "));
            Assert.IsGreaterThan(rest.Length / 2, right);
        }
        finally
        {
            File.Move(TrainedGenerator.ModelFile + ".away", TrainedGenerator.ModelFile);
        }
    }

    [TestMethod]
    public void ImagesInTheUnlabelledFolderArePartOfTheSupportSet()
    {
        using var folder = new TemporaryFolder();
        var rest = SplitOff(folder, labelled: 1, unlabelled: 3);
        var result = Adapt(folder, "--json", folder["a.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "5 classes, 5 labelled and 15 unlabelled images, ");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["a.json"]));
        Assert.AreEqual(15, json.RootElement.GetProperty("unlabelled").GetInt32());
        CollectionAssert.DoesNotContain(json.RootElement.GetProperty("classes").EnumerateArray().Select(c => c.GetString()).ToArray(), "unlabeled");
        var with = Scores(folder["classifier.zip"], rest);
        Directory.Delete(folder["support", "unlabeled"], recursive: true);
        Adapt(folder).Expect(ExitCode.Success);
        Assert.AreNotEqual(with, Scores(folder["classifier.zip"], rest));
    }

    [TestMethod]
    [DataRow("prototypical-network")]
    [DataRow("logistic-regression")]
    public void ABaselineMakesAClassifierToo(string method)
    {
        using var folder = new TemporaryFolder();
        var rest = SplitOff(folder, labelled: 2, unlabelled: 0);
        Adapt(folder, "--method", method, "--json", folder["a.json"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["a.json"]));
        Assert.AreEqual(method, json.RootElement.GetProperty("method").GetString());
        Tool.Run("predict", "--model", folder["classifier.zip"], rest[0]).Expect(ExitCode.Success);
    }

    [TestMethod]
    public void WhatIsOfNoClassIsNoneOfThese()
    {
        using var folder = new TemporaryFolder();
        var rest = SplitOff(folder, labelled: 4, unlabelled: 0);
        Adapt(folder, "--reject-unknown", "--false-rejection-rate", "0.01").Expect(ExitCode.Success);
        var noise = new Random(1);
        File.WriteAllBytes(folder["noise.png"], PngFile.Encode(40, 40, (_, _) => noise.Next(2) == 0 ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255)));
        var result = Tool.Run(["predict", "--model", folder["classifier.zip"], "--explain", folder["why"], "--json", folder["p.json"], folder["noise.png"], .. rest])
            .Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, $"{folder["noise.png"]}: none of these, known score 0.");
        Assert.IsFalse(File.Exists(folder["why", "noise-why.png"]), "nothing spoke for a class");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
        var answers = json.RootElement.GetProperty("predictions").EnumerateArray().ToArray();
        Assert.AreEqual(JsonValueKind.Null, answers[0].GetProperty("predictedLabel").ValueKind);
        Assert.IsLessThan(0.5, answers[0].GetProperty("knownScore").GetDouble());
        Assert.IsGreaterThan(rest.Length / 2, answers.Skip(1).Count(answer => answer.GetProperty("predictedLabel").ValueKind == JsonValueKind.String));
        Assert.IsTrue(answers.All(answer => answer.GetProperty("predictedLabel").ValueKind == JsonValueKind.String == answer.GetProperty("knownScore").GetDouble() >= 0.5));
        // The figures are about the classes, whatever is rejected.
        StringAssert.Contains(Tool.Run("evaluate", "--model", folder["classifier.zip"], "--dataset", folder["rest"], "--report", folder["e.html"]).Expect(ExitCode.Success).Output, "MicroAccuracy");
        StringAssert.Contains(File.ReadAllText(folder["e.html"]), "Expected calibration error");
    }

    [TestMethod]
    public void OneClassIsEnoughForIsItThisOrNot()
    {
        using var folder = new TemporaryFolder();
        SplitOff(folder, labelled: 4, unlabelled: 0);
        foreach (var other in Directory.GetDirectories(folder["support"]).Order().Skip(1))
        {
            Directory.Delete(other, recursive: true);
        }

        StringAssert.Contains(Adapt(folder).Expect(ExitCode.Failure).Error, "needs two or more");
        StringAssert.Contains(Adapt(folder, "--reject-unknown").Expect(ExitCode.Success).Output, "1 class, 4 labelled images");
    }

    [TestMethod]
    public void ARateOfRejectionsNeedsRejectionAndMustBeAShare()
    {
        using var folder = new TemporaryFolder();
        SplitOff(folder, labelled: 1, unlabelled: 0);
        StringAssert.Contains(Adapt(folder, "--false-rejection-rate", "0.1").Expect(ExitCode.Usage).Error, "--false-rejection-rate has no effect without --reject-unknown.");
        StringAssert.Contains(Adapt(folder, "--reject-unknown", "--false-rejection-rate", "1").Expect(ExitCode.Usage).Error, "--false-rejection-rate must be above 0 and below 1; it is 1.");
    }

    [TestMethod]
    public void AClassifierIsMeasuredAsAnyModelIs()
    {
        using var folder = new TemporaryFolder();
        SplitOff(folder, labelled: 4, unlabelled: 0);
        Adapt(folder).Expect(ExitCode.Success);
        var result = Tool.Run("evaluate", "--model", folder["classifier.zip"], "--dataset", folder["rest"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "Metrics for classifier multi-class classification model");
        StringAssert.Contains(result.Output, "Images = 20");
        var accuracy = double.Parse(result.Output.Split("MicroAccuracy = ")[1].Split(',')[0], CultureInfo.InvariantCulture);
        Assert.IsGreaterThan(0.5, accuracy);
    }

    [TestMethod]
    public void ADamagedImageIsLeftOutAndSaidSo()
    {
        using var folder = new TemporaryFolder();
        SplitOff(folder, labelled: 2, unlabelled: 0);
        File.WriteAllText(folder["support", "symbol-01", "damaged.png"], "no picture");
        var result = Adapt(folder).Expect(ExitCode.Success);
        StringAssert.Contains(result.Error, "warning:");
        StringAssert.Contains(result.Output, "5 classes, 10 labelled images, ");
    }

    [TestMethod]
    public void ASupportSetThatCannotBecomeAClassifierIsExplained()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["support"], symbols: 8, perSymbol: 1, alphabet: 16, hand: 1);
        StringAssert.Contains(Adapt(folder).Expect(ExitCode.Failure).Error, "The support set has 8 classes; this model was trained for at most 6.");
        foreach (var surplus in Directory.GetDirectories(folder["support"])[1..])
        {
            Directory.Delete(surplus, recursive: true);
        }

        Adapt(folder).Expect(ExitCode.Failure);
        Directory.Move(Directory.GetDirectories(folder["support"])[0], folder["support", "unlabeled"]);
        StringAssert.Contains(Adapt(folder).Expect(ExitCode.Failure).Error, "Every image");
        Assert.IsFalse(File.Exists(folder["classifier.zip"]));
    }

    private static ToolResult Adapt(TemporaryFolder folder, params string[] options) =>
        Tool.Run(["few-shot", "adapt", "--model", TrainedGenerator.ModelFile, "--support", folder["support"], "--output", folder["classifier.zip"], .. options]);

    private static string Scores(string classifier, string[] images) =>
        Tool.Run(["predict", "--model", classifier, "--top", "5", .. images]).Expect(ExitCode.Success).Output;

    /// <summary>Draws new symbols into "support", labelled and not, and into "rest"; gives the paths of the rest.</summary>
    private static string[] SplitOff(TemporaryFolder folder, int labelled, int unlabelled)
    {
        DrawnSymbols.Write(folder["rest"], Symbols, perSymbol: labelled + unlabelled + 4, alphabet: 21, hand: 1);
        foreach (var place in Directory.GetDirectories(folder["rest"]))
        {
            var files = Directory.GetFiles(place).Order(StringComparer.Ordinal).ToArray();
            var name = Path.GetFileName(place);
            Directory.CreateDirectory(folder["support", name]);
            foreach (var file in files[..labelled])
            {
                File.Move(file, folder["support", name, Path.GetFileName(file)]);
            }

            foreach (var file in files[labelled..(labelled + unlabelled)])
            {
                Directory.CreateDirectory(folder["support", "unlabeled"]);
                File.Move(file, folder["support", "unlabeled", $"{name}-{Path.GetFileName(file)}"]);
            }
        }

        return [.. Directory.GetFiles(folder["rest"], "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }
}
