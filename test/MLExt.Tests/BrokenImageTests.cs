using System.IO.Compression;
using System.Net;
using System.Text.Json;
using MLExtensions.Testing;
using SkiaSharp;
using MLExt.Tests.FewShot;
using MLExt.Tests.Serve;
using Samples.FewShotSymbols;

namespace MLExt.Tests;

/// <summary>What every command makes of files that are no pictures.</summary>
[TestClass]
public sealed class BrokenImageTests
{
    [TestMethod]
    public void PredictNamesEveryBrokenFileAndItsFaultAndAnswersForTheOthers()
    {
        using var folder = new TemporaryFolder();
        var good = Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories);
        (string Name, byte[] File, string Fault)[] broken = [.. Broken()];
        var files = broken.Select((one, i) => Write(folder, $"{i}-{one.Name}", one.File)).ToArray();
        File.Copy(good[1], folder["really-a-png.jpg"]);
        var result = Tool.Run(["predict", "--model", TrainedModel.ModelFile, good[0], .. files, folder["really-a-png.jpg"], "--json", folder["p.json"]])
            .Expect(ExitCode.Failure);
        Assert.AreEqual(2, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
        var answers = json.RootElement.GetProperty("predictions");
        for (var i = 0; i < broken.Length; i++)
        {
            StringAssert.Contains(result.Error, $"mlext: '{files[i]}' is not an image that can be decoded: {broken[i].Fault}");
            Assert.AreEqual(JsonValueKind.Null, answers[i + 1].GetProperty("predictedLabel").ValueKind);
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void PredictWaitsForNoPipeAndReadsNoDeviceForEver()
    {
        using var folder = new TemporaryFolder();
        using (var process = System.Diagnostics.Process.Start("mkfifo", [folder["pipe.png"]]))
        {
            process.WaitForExit();
        }

        var good = Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories)[0];
        var result = Tool.Run("predict", "--model", TrainedModel.ModelFile, folder["pipe.png"], "/dev/zero", good).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, $"mlext: '{folder["pipe.png"]}' cannot be read: '{folder["pipe.png"]}' is no regular file");
        StringAssert.Contains(result.Error, "mlext: '/dev/zero' is not an image that can be decoded: the file is empty");
        StringAssert.StartsWith(result.Output, $"{good}: ");
        StringAssert.Contains(Tool.Run("predict", "--model", folder["pipe.png"], good).Expect(ExitCode.Failure).Error, "is no regular file");
    }

    [TestMethod]
    public void PredictSaysWhatIsAFolderAndWhatIsNoModel()
    {
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Tool.Run("predict", "--model", TrainedModel.ModelFile, folder.Path).Expect(ExitCode.Failure).Error, $"'{folder.Path}' is a folder; expected an image file.");
        using (var zip = ZipFile.Open(folder["other.zip"], ZipArchiveMode.Create))
        {
            zip.CreateEntry("a.txt");
        }

        var image = Write(folder, "text.jpg", "no picture"u8.ToArray());
        foreach (var (model, why) in new[]
        {
            (folder["other.zip"], "is not a model that can be loaded: the zip file holds no model."),
            (image, "is not a model that can be loaded: it is no zip file, as models of ML.NET are, or cut off."),
            (folder.Path, "is a folder; expected a model file."),
            ("symbols", "generates classifiers and is none itself; 'mlext few-shot adapt' makes one with it."),
        })
        {
            StringAssert.Contains(Tool.Run("predict", "--model", model, image).Expect(ExitCode.Failure).Error, $"'{model}' {why}");
        }
    }

    [TestMethod]
    public void AModelThatWasChangedOnDiskIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.Copy(TrainedModel.ModelFile, folder["m.zip"]);
        using (var zip = ZipFile.OpenRead(folder["m.zip"]))
        {
            Assert.IsTrue(zip.Entries.Any(entry => entry.Name.EndsWith("Weights.safetensors.sha256", StringComparison.Ordinal)));
        }

        // The checksum in the directory's last entry; before the name stand 46 bytes, and the checksum 16 bytes from their start.
        var bytes = File.ReadAllBytes(folder["m.zip"]);
        bytes[bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 16] ^= 1;
        File.WriteAllBytes(folder["m.zip"], bytes);
        var error = Tool.Run("evaluate", "--model", folder["m.zip"], "--dataset", TrainedModel.TestFolder).Expect(ExitCode.Failure).Error;
        StringAssert.Contains(error, "m.zip' is not a model that can be loaded: its part '");
        StringAssert.Contains(error, "is damaged: its checksum is another one.");
    }

    [TestMethod]
    public void AClassWithoutAnyPictureIsNamed()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        Write(folder, Path.Combine("data", "void", "1.png"), "no picture"u8.ToArray());
        var training = Tool.Run("image-classification", "--dataset", folder["data"], "--epochs", "1", "--image-size", "16", "--output", folder["out"]).Expect(ExitCode.Success);
        StringAssert.Contains(training.Error, "warning: the class 'void' has no image that can be decoded.");
        foreach (var file in Directory.GetFiles(folder["data"], "*.png", SearchOption.AllDirectories))
        {
            File.WriteAllText(file, "no picture");
        }

        var error = Tool.Run("image-classification", "--dataset", folder["data"], "--epochs", "1", "--output", folder["out"]).Expect(ExitCode.Failure).Error;
        StringAssert.Contains(error, $"'{folder["data"]}' has no image that can be decoded. '");
        Assert.DoesNotContain("row", error);
    }

    [TestMethod]
    public void EvaluateCountsThemAndNamesThree()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4, seed: 3);
        Write(folder, Path.Combine("data", "red-upright", "1-cut.png"), Cut(SampleFiles.Noise(SKEncodedImageFormat.Png)));
        var unreadable = Path.Combine("data", "red-upright", "2-dangling.png");
        File.CreateSymbolicLink(folder[unreadable], folder["nowhere.png"]);
        foreach (var name in new[] { "3.png", "4.png" })
        {
            Write(folder, Path.Combine("data", "red-upright", name), "no picture"u8.ToArray());
        }

        var result = Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", folder["data"], "--json", folder["e.json"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.AreEqual(12, json.RootElement.GetProperty("images").GetInt64());
        Assert.AreEqual(4, json.RootElement.GetProperty("skipped").GetInt64());
        StringAssert.Contains(result.Error, "'red-upright/1-cut.png' is left out: the PNG file is cut off: it ends after");
        StringAssert.Contains(result.Error, "'red-upright/2-dangling.png' is left out: the file cannot be read: ");
        StringAssert.Contains(result.Error, "'red-upright/3.png' is left out: the file is text");
        Assert.IsFalse(result.Error.Contains("red-upright/4.png"));
        StringAssert.Contains(result.Error, "warning: 4 of 16 images are left out, because they cannot be decoded.");
        Assert.IsFalse(result.Error.Contains("row"), result.Error);
    }

    [TestMethod]
    public void TrainingCountsThemAndNamesThemAndTheFolderThatBecomesNoClass()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 8);
        TinyImages.WriteFolder(folder["more"], perClass: 2, seed: 2);
        Write(folder, Path.Combine("data", "red-upright", "cut.gif"), Cut(SampleFiles.NoiseGif()));
        File.CreateSymbolicLink(folder["data", "red-upright", "dangling.png"], folder["nowhere.png"]);
        Write(folder, Path.Combine("more", "red-upright", "cut.jpg"), Cut(SampleFiles.Noise(SKEncodedImageFormat.Jpeg)));
        Write(folder, Path.Combine("data", "scans", "1.tif"), "II*\0"u8.ToArray());
        Write(folder, Path.Combine("data", "scans", "2.tif"), "II*\0"u8.ToArray());
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--validation-dataset", folder["more"], "--epochs", "1",
            "--image-size", "16", "--output", folder["out"], "--json", folder["t.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "2 files that are not called as images that are read are passed over (.tif: 2).");
        StringAssert.Contains(result.Error, "warning: The folder 'scans' becomes no class: of its 2 files, '1.tif' for instance, none is called as an image that is read (.png ");
        StringAssert.Contains(result.Error, "warning: 'red-upright/cut.gif' is left out: the GIF file is cut off: ");
        StringAssert.Contains(result.Error, "warning: 'red-upright/dangling.png' is left out: the file cannot be read: ");
        StringAssert.Contains(result.Error, "warning: 'red-upright/cut.jpg' is left out: the JPEG file is cut off: ");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["t.json"]));
        Assert.AreEqual(6, json.RootElement.GetProperty("images").GetInt64());
    }

    [TestMethod]
    public void ImagesThatVanishBeforeTheyAreReadAreLeftOutAndNamed()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 8);
        string[] arguments = ["image-classification", "--dataset", folder["data"], "--epochs", "1", "--image-size", "16", "--output", folder["out"], "--json", folder["t.json"]];
        var gone = folder["data", "red-upright", "0003.png"];
        var result = RunAndMeanwhile(() => File.Delete(gone), arguments).Expect(ExitCode.Success);
        StringAssert.Contains(result.Error, $"warning: 'red-upright/0003.png' is left out: the file cannot be read: Could not find file '{gone}'.");
        using (var json = JsonDocument.Parse(File.ReadAllText(folder["t.json"])))
        {
            Assert.AreEqual(1, json.RootElement.GetProperty("skipped").GetInt64());
        }

        // One that has become something else.
        result = RunAndMeanwhile(() => File.WriteAllText(folder["data", "red-upright", "0004.png"], "no picture"), arguments).Expect(ExitCode.Success);
        StringAssert.Contains(result.Error, "warning: 'red-upright/0004.png' is left out: the file is text");
        File.Delete(folder["out", "model.zip"]);
        var refused = RunAndMeanwhile(() => Directory.Delete(folder["data"], recursive: true), arguments).Expect(ExitCode.Failure);
        StringAssert.Contains(refused.Error, $"'{folder["data"]}' has no image that can be decoded. 'blue-diagonal/");
        StringAssert.Contains(refused.Error, "the file cannot be read: ");
        Assert.IsFalse(File.Exists(folder["out", "model.zip"]));
    }

    [TestMethod]
    public void EveryCommandTellsWhatItPassesOverAndWhatBecomesNoClass()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        Write(folder, Path.Combine("data", "scans", "1.tif"), "II*\0"u8.ToArray());
        DrawnSymbols.Write(folder["symbols"], symbols: 4, perSymbol: 4, alphabet: 16, hand: 1);
        Write(folder, Path.Combine("symbols", "scans", "1.tif"), "II*\0"u8.ToArray());
        string[][] commands =
        [
            ["evaluate", "--model", TrainedModel.ModelFile, "--dataset", folder["data"]],
            ["few-shot", "adapt", "--model", TrainedGenerator.ModelFile, "--support", folder["symbols"], "--output", folder["c.zip"]],
            ["few-shot", "evaluate", "--model", TrainedGenerator.ModelFile, "--dataset", folder["symbols"], "--ways", "3", "--queries", "2", "--tasks", "4"],
            ["few-shot", "train", "--dataset", folder["symbols"], "--output", folder["g.zip"], "--train-time", "1", "--ways", "2", "--shots", "1", "--channels", "4", "--image-size", "16"],
        ];
        foreach (var command in commands)
        {
            var result = Tool.Run(command).Expect(ExitCode.Success);
            StringAssert.Contains(result.Output, "1 file that is not called as an image that is read is passed over: 'scans/1.tif'.", string.Join(' ', command));
            StringAssert.Contains(result.Error, "warning: The folder 'scans' becomes no class: ", string.Join(' ', command));
        }
    }

    [TestMethod]
    public void EvaluatingAGeneratorCountsThemAndNamesThree()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["data"], symbols: 4, perSymbol: 4, alphabet: 16, hand: 1);
        var symbol = Path.GetFileName(Directory.GetDirectories(folder["data"]).Order(StringComparer.Ordinal).First());
        Write(folder, Path.Combine("data", symbol, "0-cut.png"), Cut(SampleFiles.Noise(SKEncodedImageFormat.Png)));
        Write(folder, Path.Combine("data", symbol, "0-text.png"), "no picture"u8.ToArray());
        var result = Tool.Run("few-shot", "evaluate", "--model", TrainedGenerator.ModelFile, "--dataset", folder["data"],
            "--ways", "3", "--queries", "2", "--tasks", "4", "--json", folder["e.json"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Error, $"warning: '{symbol}/0-cut.png' is left out: the PNG file is cut off: ");
        StringAssert.Contains(result.Error, $"warning: '{symbol}/0-text.png' is left out: the file is text");
        Assert.IsFalse(result.Error.Contains("row"), result.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["e.json"]));
        Assert.AreEqual(2, json.RootElement.GetProperty("skipped").GetInt32());
    }

    [TestMethod]
    public void AdaptingCountsOnlyPicturesAndAClassWithoutAnyIsRefused()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["support"], symbols: 3, perSymbol: 2, alphabet: 16, hand: 1);
        var symbols = Directory.GetDirectories(folder["support"]).Order(StringComparer.Ordinal).ToArray();
        File.WriteAllBytes(Path.Combine(symbols[0], "cut.webp"), Cut(SampleFiles.Noise(SKEncodedImageFormat.Webp)));
        File.CreateSymbolicLink(Path.Combine(symbols[0], "dangling.png"), folder["nowhere.png"]);
        var result = Adapt(folder).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, "3 classes, 6 labelled images, ");
        StringAssert.Contains(result.Error, $"warning: '{Path.GetFileName(symbols[0])}/cut.webp' is left out: the WebP file is damaged or cut off: ");
        StringAssert.Contains(result.Error, $"warning: '{Path.GetFileName(symbols[0])}/dangling.png' is left out: the file cannot be read: ");

        foreach (var file in Directory.GetFiles(symbols[1]))
        {
            File.WriteAllText(file, "no picture");
        }

        StringAssert.Contains(Adapt(folder).Expect(ExitCode.Failure).Error, $"The class '{Path.GetFileName(symbols[1])}' has no image that can be decoded.");
    }

    [TestMethod]
    public void TheAppRefusesThemWithTheFault()
    {
        using var client = TestServer.Client;
        foreach (var (name, file, fault) in Broken())
        {
            var detail = client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/predict", Client.Image(file));
            StringAssert.Contains(detail, file.Length == 0 ? "The image is empty" : fault, name);
            detail = client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/classifiers", Client.Form(("a", Glyph.Circle()), ("b", Glyph.Level()), ("b", file)));
            StringAssert.StartsWith(detail, "Image 2 of the class 'b' ", name);
            StringAssert.Contains(detail, file.Length == 0 ? "is empty" : fault, name);
        }
    }

    private static ToolResult Adapt(TemporaryFolder folder) =>
        Tool.Run("few-shot", "adapt", "--model", TrainedGenerator.ModelFile, "--support", folder["support"], "--output", folder["classifier.zip"]);

    private static IEnumerable<(string Name, byte[] File, string Fault)> Broken() =>
    [
        ("empty.png", [], "the file is empty"),
        ("cut.jpg", Cut(SampleFiles.Noise(SKEncodedImageFormat.Jpeg)), "the JPEG file is cut off"),
        ("cut.png", Cut(SampleFiles.Noise(SKEncodedImageFormat.Png)), "the PNG file is cut off"),
        ("cut.webp", Cut(SampleFiles.Noise(SKEncodedImageFormat.Webp)), "the WebP file is damaged or cut off"),
        ("cut.gif", Cut(SampleFiles.NoiseGif()), "the GIF file is cut off"),
        ("cut.bmp", Cut(SampleFiles.Bmp(9, 9, (x, y) => ((byte)x, (byte)y, 0))), "the BMP file is cut off"),
        .. SampleFiles.NoPictures().Select(one => ("no.png", one.File, $"the file is {one.What}; JPEG, PNG, GIF, BMP and WebP are read")),
    ];

    private static byte[] Cut(byte[] file) => file[..(file.Length / 2)];

    private static string Write(TemporaryFolder folder, string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllBytes(folder[name], content);
        return folder[name];
    }

    // Something happens when the files have been found, and none has been read.
    private static ToolResult RunAndMeanwhile(Action happening, string[] arguments)
    {
        using var output = new Listener { Heard = line => Happen(line.Contains(" to measure on.", StringComparison.Ordinal)) };
        using var error = new StringWriter();
        return new ToolResult(new CommandLine(Terminal.Plain(output, error), CancellationToken.None).Run(arguments), output.ToString(), error.ToString());

        void Happen(bool isTime)
        {
            if (isTime)
            {
                happening();
            }
        }
    }

    private sealed class Listener : StringWriter
    {
        public required Action<string> Heard { get; init; }

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            Heard(value ?? "");
        }
    }
}
