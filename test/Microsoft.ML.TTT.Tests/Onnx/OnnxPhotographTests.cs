using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Images;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests.Onnx;

/// <summary>Models trained on photographs and asked about others. They need CIFAR-10 in a folder "shared/data" beside or above the clone.</summary>
[TestClass]
public class OnnxPhotographTests
{
    private const int Side = 32, Trained = 100, Asked = 40;

    private static readonly Lazy<DrawnImages.Picture[]> Photographs = new(Read);

    [TestMethod]
    [DataRow(TokenMixer.TttMlp)]
    [DataRow(TokenMixer.ViT3)]
    [DataRow(TokenMixer.TttLinear)]
    [DataRow(TokenMixer.LinearAttention)]
    [DataRow(TokenMixer.SoftmaxAttention)]
    public void OnnxRuntimeAnswersAsTheTrainedModelDoes(TokenMixer mixer)
    {
        var photographs = Photographs.Value;
        var context = new MLContext(seed: 1);
        var options = new TTTImageClassificationTrainer.Options { TokenMixer = mixer, Epoch = 2, LearningRate = 3e-3f, ImageSize = Side, Seed = 1 };
        using var model = context.MulticlassClassification.Trainers.TTTImageClassification(options).Fit(DrawnImages.Keyed(context, photographs[..Trained]));
        var asked = photographs[Trained..];
        var expected = model.Transform(context.Data.LoadFromEnumerable(asked)).GetColumn<float[]>("Score").ToArray();
        Assert.IsGreaterThan(0.01f, expected.Max(scores => scores[0]) - expected.Min(scores => scores[0]), "the model says the same of all photographs");

        using var runtime = new OnnxRunner();
        OnnxRunner.AreAlike(expected, runtime.RunImages(model, [.. asked.SelectMany(Planes)], colours: 3, Side));
    }

    private static byte[] Planes(DrawnImages.Picture photograph)
    {
        var planes = new byte[3 * Side * Side];
        Assert.IsNull(new ImageDecoder(Side).Decode(photograph.Features, planes));
        return planes;
    }

    private static DrawnImages.Picture[] Read()
    {
        using var zip = ZipFile.OpenRead(SharedData.Find("cifar10_train.zip", "CIFAR-10 as image files, one folder a class"));
        var classes = zip.Entries.Where(entry => entry.Length > 0).GroupBy(entry => Path.GetDirectoryName(entry.FullName)!)
            .Select(group => group.OrderBy(entry => entry.FullName, StringComparer.Ordinal).Take((Trained + Asked) / 10).ToArray()).ToArray();
        // Classes take turns.
        return [.. Enumerable.Range(0, Trained + Asked).Select(i => Read(classes[i % classes.Length][i / classes.Length]))];
    }

    private static DrawnImages.Picture Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return new DrawnImages.Picture { Name = Path.GetFileName(Path.GetDirectoryName(entry.FullName)!), Features = bytes.ToArray() };
    }
}
