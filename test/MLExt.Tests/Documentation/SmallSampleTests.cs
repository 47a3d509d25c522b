using System.IO.Compression;
using System.Text.RegularExpressions;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed partial class SmallSampleTests
{
    [TestMethod]
    [DataRow("ImageTrainer")]
    [DataRow("FewShotConsole")]
    [DataRow("PredictionService")]
    [DataRow("ImagePipeline")]
    [DataRow("FeatureVectors")]
    [DataRow("EmbeddingClassifier")]
    [DataRow("RetrainingFromCheckpoint")]
    [DataRow("OnnxInference")]
    [DataRow("InnerLoss")]
    public void ASampleToCopyHasFewerThanEightyLinesInAll(string name)
    {
        var lines = Directory.GetFiles(RepositoryFiles.At("samples", name), "*.cs").Sum(file => File.ReadAllLines(file).Length);
        Assert.IsLessThan(80, lines);
    }

    [TestMethod]
    public void TheImageTrainerTrainsAndPredicts()
    {
        using var folder = new TemporaryFolder();
        var images = TinyImages.WriteFolder(folder["images"], perClass: 20);
        var training = Run(typeof(Samples.ImageTrainer.ImageRow), folder, folder["images"], "model.zip", "4");
        StringAssert.Contains(training, "Accuracy on images it was not trained on: ");
        StringAssert.Contains(training, "Confusion table");
        StringAssert.Contains(Run(typeof(Samples.ImageTrainer.ImageRow), folder, "model.zip", images[0]), $"{images[0]}: ");
    }

    [TestMethod]
    public void TheFewShotConsoleTellsSymbolsApartByTwoDrawingsOfEachAndSomeWithoutALabel()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["examples"], symbols: 4, perSymbol: 3, alphabet: 31, hand: 1);
        DrawnSymbols.Write(folder["others"], symbols: 4, perSymbol: 1, alphabet: 31, hand: 2);
        Directory.CreateDirectory(folder["examples", "unlabeled"]);
        string[] names = ["symbol-01", "symbol-02", "symbol-03", "symbol-04"];
        foreach (var name in names)
        {
            File.Move(folder["examples", name, "0003.png"], folder["examples", "unlabeled", $"{name}.png"]);
        }

        var output = Run(typeof(Samples.FewShotConsole.ImageRow), folder,
            [folder["examples"], "symbols.zip", .. names.Select(name => folder["others", name, "0001.png"])]);
        StringAssert.Contains(output, "A classifier from 12 drawings in ");
        foreach (var name in names)
        {
            StringAssert.Contains(output, $"{folder["others", name, "0001.png"]}: {name}, ");
        }

        Assert.IsTrue(File.Exists(folder["symbols.zip"]));
    }

    [TestMethod]
    public void TheImagePipelineFeedsBothTrainersFromTheImageTransforms()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["images"], perClass: 20);
        DrawnSymbols.Write(folder["examples"], symbols: 4, perSymbol: 2, alphabet: 31, hand: 1);
        var output = Run(typeof(Samples.ImagePipeline.ImageRow), folder, folder["images"], folder["examples"]);
        StringAssert.Contains(output, "of the test images are right.");
        StringAssert.Contains(output, "Few-shot: a classifier from 8 drawings.");
    }

    [TestMethod]
    public void FeatureVectorsOfNewSpeciesAreToldApart()
    {
        using var folder = new TemporaryFolder();
        var output = Run(typeof(Samples.FeatureVectors.Plant), folder);
        StringAssert.Contains(output, "classifiers of up to 8 classes of 16 numbers.");
        var right = RightPlants().Match(output);
        Assert.IsTrue(right.Success, output);
        Assert.IsGreaterThan(80, int.Parse(right.Groups["share"].Value));
        Assert.IsLessThan(20_000L, new FileInfo(folder["plants.zip"]).Length);
    }

    [TestMethod]
    public void PatternsAreToldApartByAnotherNetworksEmbeddingOfAFewPictures()
    {
        using var folder = new TemporaryFolder();
        var right = RightPictures().Match(Run(typeof(Samples.EmbeddingClassifier.Pattern), folder));
        Assert.IsTrue(right.Success);
        Assert.IsGreaterThan(14, int.Parse(right.Groups["right"].Value));
        Assert.IsTrue(File.Exists(folder["patterns.zip"]));
    }

    [TestMethod]
    public void ATrainingThatWasStoppedGoesOnFromItsCheckpointToTheSameModel()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["images"], perClass: 8);
        var sample = typeof(Samples.RetrainingFromCheckpoint.ImageRow);
        StringAssert.Contains(Run(sample, folder, folder["images"], "model.zip", "2"), "Stopped; model.zip");
        Assert.IsTrue(File.Exists(folder["model.zip.checkpoint"]));

        var rest = Run(sample, folder, folder["images"], "model.zip");
        StringAssert.Contains(rest, "Training goes on from the checkpoint");
        StringAssert.Contains(rest, "Done; model.zip");
        Assert.IsFalse(File.Exists(folder["model.zip.checkpoint"]));

        Run(sample, folder, folder["images"], "uninterrupted.zip");
        CollectionAssert.AreEqual(Weights(folder["uninterrupted.zip"]), Weights(folder["model.zip"]));
    }

    [TestMethod]
    public void TheInnerLossOfAModelIsWrittenAsPictures()
    {
        using var folder = new TemporaryFolder();
        var image = TinyImages.WriteFolder(folder["images"], perClass: 1)[0];
        var lines = Lines(Run(typeof(Samples.InnerLoss.HeatMaps), folder, TrainedModel.ModelFile, image, "maps"));
        Assert.IsGreaterThan(0, lines.Length);
        foreach (var line in lines)
        {
            StringAssert.Matches(line, new Regex("^block [0-9], head [0-9], TttLinear: [0-9.]+( -> [0-9.]+)+, "));
            Assert.AreEqual(0x89, File.ReadAllBytes(folder[line.Split(", ")[^1]])[0]);
        }
    }

    [TestMethod]
    [DataRow("trained")]
    [DataRow("generated")]
    public void AnExportedFileIsScoredByMLNetsOwnTransform(string kind)
    {
        using var folder = new TemporaryFolder();
        var images = kind == "trained" ? TinyImages.WriteFolder(folder["images"], perClass: 4) : WriteLines(folder["images"]);
        var model = kind == "trained" ? TrainedModel.ModelFile : folder["generated.zip"];
        if (kind == "generated") Tool.Run("few-shot", "adapt", "--model", "symbols", "--support", folder["images"], "--output", model).Expect(ExitCode.Success);
        Tool.Run("export", "--model", model, "--onnx", folder["model.onnx"]).Expect(ExitCode.Success);
        var lines = Lines(Run(typeof(Samples.OnnxInference.ImageRow), folder, [folder["model.onnx"], .. images]));
        var predicted = Lines(Tool.Run(["predict", "--model", model, "--top", "1", .. images]).Expect(ExitCode.Success).Output);
        CollectionAssert.AreEqual(Array.ConvertAll(predicted, line => line.Split(' ')[1]), Array.ConvertAll(lines, line => line.Split(' ')[1].TrimEnd(',')));
        Assert.HasCount(images.Count, lines);

        File.WriteAllBytes(folder["half.png"], File.ReadAllBytes(images[0])[..^40]);
        File.WriteAllText(folder["text.jpg"], "no picture");
        var (exitCode, output, error) = SampleProcess.Run(typeof(Samples.OnnxInference.ImageRow), folder.Path, folder["model.onnx"], "half.png", images[0], "text.jpg");
        Assert.AreEqual(1, exitCode, error);
        Assert.AreEqual(lines[0], output.Trim());
        CollectionAssert.AreEqual((string[])["half.png is no picture that can be read.", "text.jpg is no picture that can be read."], Lines(error));
    }

    // Black on white and as large as the generator takes them: ML.NET's own transforms resize and turn to gray in another way.
    private static string[] WriteLines(string folder)
    {
        const int Side = 28;
        var lines = new Dictionary<string, Func<int, int, bool>> { ["diagonal"] = (x, y) => Math.Abs(x - y) < 3, ["level"] = (_, y) => y is > 12 and < 16, ["upright"] = (x, _) => x is > 12 and < 16 };
        return [.. lines.Select(line =>
        {
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, line.Key)).FullName, "1.png");
            File.WriteAllBytes(file, PngFile.Encode(Side, Side, (x, y) => line.Value(x, y) ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255)));
            return file;
        })];
    }

    private static string[] Lines(string output) => output.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string Run(Type ofSample, TemporaryFolder folder, params string[] args)
    {
        var (exitCode, output, error) = SampleProcess.Run(ofSample, folder.Path, args);
        Assert.AreEqual(0, exitCode, output + error);
        return output;
    }

    private static byte[] Weights(string modelFile)
    {
        using var zip = ZipFile.OpenRead(modelFile);
        using var weights = zip.Entries.Single(entry => entry.Name.EndsWith(".safetensors", StringComparison.Ordinal)).Open();
        using var bytes = new MemoryStream();
        weights.CopyTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"from 3 examples each: (?<share>\d+) ?% are right")]
    private static partial Regex RightPlants();

    [GeneratedRegex(@"Of 18 pictures, from 4 examples of each pattern: (?<right>\d+) are right\.")]
    private static partial Regex RightPictures();
}
