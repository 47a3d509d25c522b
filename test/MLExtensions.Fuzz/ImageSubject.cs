using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Images;
using MLExtensions.Testing;
using SkiaSharp;

namespace MLExtensions.Fuzz;

/// <summary>Encoded images: they are decoded as the libraries, the tool and its API do, and scored with a model.</summary>
internal sealed class ImageSubject : Subject
{
    private const int Side = 64;

    private readonly string _format;
    private readonly ImageDecoder _decoder = new(Side);
    private readonly byte[] _planes = new byte[3 * Side * Side];
    private readonly MLContext _context = new(1);
    private readonly ITransformer _model;

    /// <param name="format">jpeg, png, gif, bmp or webp.</param>
    public ImageSubject(string format)
    {
        (_format, Honest) = (format, Files(format));
        _model = _context.Model.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "trained", "tttlinear-default.zip"), out _);
    }

    // A mutant may truly be large. Decoded, a pixel has four bytes, and the library and SkiaSharp have one picture each.
    public override long Slack => 2 * 4 * EncodedImage.MaxPixels;

    // It is decoded twice, by itself and to be scored.
    public override TimeSpan Longest => 2 * base.Longest;

    public override string Extension => "." + _format;

    public override IReadOnlyList<(string Name, byte[] File)> Honest { get; }

    public override byte[] Mutate(int honest, Random random)
    {
        var mutant = ByteMutator.Mutate(Honest[honest].File, Honest[random.Next(Honest.Count)].File, random);
        // Checksums keep a decoder from what is behind them.
        return _format == "png" && random.Next(4) > 0 ? PngFile.WithChecksums(mutant) : mutant;
    }

    public override string Try(int honest, byte[] file)
    {
        try
        {
            var fault = _decoder.Decode(file, _planes);
            var scores = _model.Transform(_context.Data.LoadFromEnumerable([new Picture { Features = file }])).GetColumn<float[]>("Score").Single();
            return fault is { Length: 0 } ? "!refused without a reason"
                : !Array.TrueForAll(scores, fault is null ? float.IsFinite : float.IsNaN) ? $"!{fault ?? "decoded"}, and scored {string.Join(' ', scores)}"
                : fault is null ? "scored" : "refused";
        }
        catch (Exception e)
        {
            return $"!{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static IReadOnlyList<(string Name, byte[] File)> Files(string format) => format switch
    {
        "jpeg" =>
        [
            ("noise", SampleFiles.Noise(SKEncodedImageFormat.Jpeg)), ("four inks", SampleFiles.CmykJpeg), ("grey", SampleFiles.GreyJpeg), ("turned", SampleFiles.ExifRotatedJpeg),
            ("progressive", SampleFiles.ProgressiveJpeg), ("profile", SampleFiles.DisplayP3(SKEncodedImageFormat.Jpeg, SKColors.Red)),
        ],
        "png" =>
        [
            ("noise", SampleFiles.Noise(SKEncodedImageFormat.Png)), ("profile", SampleFiles.DisplayP3(SKEncodedImageFormat.Png, SKColors.Red)),
            ("grey, turned", PngFile.Encode(16, 8, 0, [.. Enumerable.Range(0, 128).Select(i => (byte)i)], PngFile.Exif(6, littleEndian: false))),
            .. from bits in (byte[])[1, 8, 16] from interlaced in (bool[])[false, true]
               select ($"{bits} bits{(interlaced ? ", interlaced" : "")}", PngFile.Encode(16, 8, 0, bits, (x, y) => [(x + y) % 2], interlaced: interlaced)),
        ],
        "gif" => [("noise", SampleFiles.NoiseGif()), ("animated", SampleFiles.NoiseGif(3)), ("tiny", SampleFiles.Gif)],
        "bmp" => [("stripes", SampleFiles.Bmp(16, 8, (x, y) => ((byte)(16 * x), (byte)(16 * y), 0)))],
        _ =>
        [
            ("lossless", SampleFiles.Noise(SKEncodedImageFormat.Webp)), ("animated", SampleFiles.AnimatedWebP()),
            ("profile", SampleFiles.DisplayP3(SKEncodedImageFormat.Webp, SKColors.Red)),
            ("turned", SampleFiles.WebPWithExif(SampleFiles.Noise(SKEncodedImageFormat.Webp), PngFile.Exif(6, littleEndian: false))),
        ],
    };
}
