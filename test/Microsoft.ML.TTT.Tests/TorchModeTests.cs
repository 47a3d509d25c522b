using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests;

/// <summary>A program that has torch's modes and default type set otherwise gets what every program gets, and finds them as it has set them.</summary>
[TestClass]
public sealed class TorchModeTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void FloatsAreSingleWhateverTheDefaultTypeIs()
    {
        foreach (var mixer in Enum.GetValues<TokenMixer>())
        {
            var expected = Bits(mixer);
            set_default_dtype(float64);
            try
            {
                Assert.AreEqual(expected, Bits(mixer), $"{mixer}");
                Assert.AreEqual(float64, get_default_dtype());
            }
            finally
            {
                set_default_dtype(float32);
            }
        }
    }

    [TestMethod]
    public void TrainingNotesGradientsWhereTheProgramDoesNot()
    {
        var expected = Bits(TokenMixer.TttMlp);
        using var mode = no_grad();
        Assert.AreEqual(expected, Bits(TokenMixer.TttMlp));
        Assert.IsFalse(is_grad_enabled());
    }

    [TestMethod]
    public void TrainingAndLoadingLeaveInferenceModeAndReturnToIt()
    {
        var expected = Bits(TokenMixer.TttMlp);
        using var mode = inference_mode();
        Assert.AreEqual(expected, Bits(TokenMixer.TttMlp));
        Assert.IsTrue(is_inference_mode_enabled());
    }

    // Trains, saves and loads, and scores with both.
    private string Bits(TokenMixer mixer)
    {
        var data = DrawnImages.Keyed(_context, DrawnImages.Pictures(24));
        using var model = DrawnImages.Trainer(_context, options => (options.TokenMixer, options.Epoch) = (mixer, 1)).Fit(data);
        using var file = new MemoryStream();
        _context.Model.Save(model, data.Schema, file);
        using var loaded = (TTTImageClassificationTransformer)_context.Model.Load(file, out _);
        var bits = DrawnImages.Bits(model.Transform(data));
        Assert.AreEqual(bits, DrawnImages.Bits(loaded.Transform(data)));
        return bits;
    }
}
