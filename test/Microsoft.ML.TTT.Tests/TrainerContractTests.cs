using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class TrainerContractTests
{
    // A row mapper scores one image at a time, a cursor many: matrix products of other sizes add up in another order, which moves the last bits.
    private const double RowTolerance = 1e-5;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void EncodedImagesKeepTheContract()
    {
        var data = DrawnImages.Keyed(_context, DrawnImages.Pictures(40));
        Check(data, DrawnImages.Trainer(_context, options => options.Epoch = 1));
    }

    [TestMethod]
    public void KeysWithoutValuesKeepTheContract()
    {
        var pictures = DrawnImages.Pictures(40).Select((picture, i) => new NumberedPicture { Label = (uint)(i % 3) + 1, Features = picture.Features });
        Check(_context.Data.LoadFromEnumerable(pictures), DrawnImages.Trainer(_context, options => options.Epoch = 1));
    }

    [TestMethod]
    public void DecodedImagesAndTheirPixelsGiveTheSameModel()
    {
        using var folder = new TemporaryFolder();
        var files = TinyImages.WriteFolder(folder.Path, perClass: 12, DrawnImages.Side);
        var rows = _context.Data.LoadFromEnumerable(files.Select(file => new ImageFile { Path = file, Name = Path.GetFileName(Path.GetDirectoryName(file))! }));
        var data = _context.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(_context.Transforms.LoadImages("Loaded", folder.Path, "Path"))
            .Append(_context.Transforms.ResizeImages("Features", DrawnImages.Side, DrawnImages.Side, "Loaded"))
            .Append(_context.Transforms.ExtractPixels("Planar", "Features"))
            .Append(_context.Transforms.ExtractPixels("Interleaved", "Features", interleavePixelColors: true))
            .Fit(rows).Transform(rows);

        string Scores(string feature)
        {
            using var transformer = DrawnImages.Trainer(_context, options => (options.Epoch, options.FeatureColumnName) = (1, feature)).Fit(data);
            return DrawnImages.Bits(transformer.Transform(data));
        }

        var scores = Scores("Features");
        Assert.AreEqual(scores, Scores("Planar"));
        Assert.AreEqual(scores, Scores("Interleaved"));
    }

    [TestMethod]
    public void PixelsKeepTheContract()
    {
        var random = new Random(5);
        PixelPicture[] rows = [.. Enumerable.Range(0, 40).Select(i =>
        {
            var rgba = TinyImages.Draw(i % 3, DrawnImages.Side, random);
            return new PixelPicture { Label = (uint)(i % 3) + 1, Features = [.. rgba.Where((_, k) => k % 4 != 3).Select(value => (float)value)] };
        })];
        Check(_context.Data.LoadFromEnumerable(rows), DrawnImages.Trainer(_context, options => options.Epoch = 1));
    }

    [TestMethod]
    public void AnEstimatorRefusesLabelsThatAreNoKeys()
    {
        var data = _context.Data.LoadFromEnumerable([new WrongLabels()]);
        foreach (var (name, message) in new[]
        {
            ("Nowhere", "The label"), ("Text", "Schema mismatch for label"), ("Number", "Schema mismatch for label"),
            ("Bytes", "Schema mismatch for label"), ("OneClass", "The label"),
        })
        {
            var trainer = DrawnImages.Trainer(_context, options => options.LabelColumnName = name);
            var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data));
            Assert.StartsWith(message, exception.Message);
            Assert.Contains($"column '{name}'", exception.Message);
            if (name != "OneClass")
            {
                Assert.StartsWith(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(VisionCore.Interop.SchemaShapes.Of(data.Schema))).Message);
            }
        }
    }

    private void Check(IDataView data, TTTImageClassificationTrainer trainer)
    {
        IDataView[] wrong =
        [
            _context.Data.LoadFromEnumerable([new NoFeatures()]),
            _context.Data.LoadFromEnumerable([new NumberFeatures()]),
            _context.Data.LoadFromEnumerable([new TextFeatures()]),
        ];
        using var transformer = (IDisposable)new EstimatorContract(_context, trainer).Check(data, wrong, RowTolerance);
    }

    private sealed class NumberedPicture
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public byte[] Features { get; set; } = [];
    }

    private sealed class PixelPicture
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(DrawnImages.Side, DrawnImages.Side, 3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class ImageFile
    {
        public string Path { get; set; } = "";

        public string Name { get; set; } = "";
    }

    private sealed class NoFeatures
    {
        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class NumberFeatures
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public float Features { get; set; }
    }

    private sealed class TextFeatures
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public string[] Features { get; set; } = [];
    }

    private sealed class WrongLabels
    {
        public string Text { get; set; } = "";

        public float Number { get; set; }

        [KeyType(3)]
        public byte Bytes { get; set; }

        [KeyType(1)]
        public uint OneClass { get; set; }

        public byte[] Features { get; set; } = [];
    }
}
