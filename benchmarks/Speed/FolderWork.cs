using System.Diagnostics;
using MLExt.Data;

namespace MLExtensions.Benchmarks;

/// <summary>A folder of many small files, as mlext takes it.</summary>
internal static class FolderWork
{
    private const int Classes = 100, Sampled = 10_000;

    /// <summary>Lists the files, parts a tenth off, and reads some of the rest at random. The files are there before the memory is looked at, and go with the process.</summary>
    internal static Func<double> Sample(int count)
    {
        var place = Directory.CreateTempSubdirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => place.Delete(recursive: true);
        var folders = Enumerable.Range(0, Classes).Select(number => place.CreateSubdirectory($"class-{number:D3}").FullName).ToArray();
        for (var file = 0; file < count; file++)
        {
            File.WriteAllBytes(Path.Combine(folders[file % Classes], $"image-{file:D7}.png"), [1]);
        }

        return () =>
        {
            var watch = Stopwatch.StartNew();
            using var store = ImageStore.Open(place.FullName);
            var (kept, _) = ImageSet.Of(store).Split(0.1, seed: 1);
            var random = new Random(1);
            for (var sample = 0; sample < Sampled; sample++)
            {
                kept.Read(random.Next(kept.Count));
            }

            return watch.Elapsed.TotalSeconds;
        };
    }
}
