using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>A folder of JPEG files as large as photographs on the web, of which decoding takes as long: soft shapes under noise, in a folder for each class. Deleted with this, or when the process is told to end.</summary>
internal sealed class DrawnPhotographs : IDisposable
{
    private const int Classes = 8, OfClass = 32, Width = 500, Height = 375, Waves = 6;
    private const double Noise = 24;

    private readonly PosixSignalRegistration[] _endings;

    internal DrawnPhotographs()
    {
        _endings = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => Delete()))];
        var random = new Random(1);
        for (var number = 0; number < Classes * OfClass; number++)
        {
            var place = Directory.CreateDirectory(Path.Combine(Folder, $"class {number % Classes}")).FullName;
            using var image = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Rgba32, Draw(random));
            image.Save(Path.Combine(place, $"{number:d4}.jpg"));
        }
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("photographs-").FullName;

    public void Dispose()
    {
        foreach (var ending in _endings)
        {
            ending.Dispose();
        }

        Delete();
    }

    private void Delete() => Directory.Delete(Folder, recursive: true);

    private static byte[] Draw(Random random)
    {
        var waves = Enumerable.Range(0, Waves).Select(_ => (X: random.NextDouble() / 20, Y: random.NextDouble() / 20, Phase: random.NextDouble() * 6, Channel: random.Next(3))).ToArray();
        var pixels = new byte[4 * Width * Height];
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var (x, y) = (i / 4 % Width, i / 4 / Width);
            var noise = Noise * (random.NextDouble() - 0.5);
            for (var channel = 0; channel < 3; channel++)
            {
                var value = 128 + noise;
                foreach (var wave in waves)
                {
                    value += (wave.Channel == channel ? 50 : 15) * Math.Sin((x * wave.X) + (y * wave.Y) + wave.Phase);
                }

                pixels[i + channel] = (byte)Math.Clamp(value, 0, byte.MaxValue);
            }

            pixels[i + 3] = byte.MaxValue;
        }

        return pixels;
    }
}
