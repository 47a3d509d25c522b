using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>A support set as tensors of a file.</summary>
internal static class SupportTensors
{
    private const string Features = "features", Candidates = "candidates";

    public static void Write(SupportSet support, Stream stream)
    {
        using var scope = NewDisposeScope();
        var (shape, count) = (support.Shape, support.Samples.Count);
        var features = empty([count, .. shape.Dimensions], dtype: shape.IsImage ? uint8 : float32);
        support.Samples.SelectMany(sample => sample.Features).ToArray().CopyTo(features.bytes);
        var candidates = zeros([count, support.Classes.Count], dtype: uint8);
        var bits = candidates.bytes;
        for (var i = 0; i < count; i++)
        {
            foreach (var slot in support.Samples[i].Classes)
            {
                bits[(i * support.Classes.Count) + slot] = 1;
            }
        }

        SafetensorsWriter.Write(stream, [(Candidates, candidates), (Features, features)]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="stream">The tensors.</param>
    /// <param name="shape">What a sample is.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="classes">The class of every slot.</param>
    /// <exception cref="FormatException">The tensors are damaged or do not fit the classifier.</exception>
    public static SupportSet Read(Stream stream, ExampleShape shape, ClassLabels labels, int[] classes)
    {
        using var scope = NewDisposeScope();
        var reader = SafetensorsReader.Open(stream, stream.Length);
        var entries = reader.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var type = shape.IsImage ? uint8 : float32;
        if (!entries.TryGetValue(Features, out var features) || !entries.TryGetValue(Candidates, out var candidates) || entries.Count != 2
            || features.Type != type || features.Shape is not [var count, ..] || count is < 1 or > int.MaxValue || !features.Shape.AsSpan(1).SequenceEqual(shape.Dimensions)
            || candidates.Type != uint8 || !candidates.Shape.AsSpan().SequenceEqual([count, classes.Length]))
        {
            throw new FormatException($"The support samples do not fit the classifier, which takes {SafetensorsEntry.Describe(type, shape.Dimensions)} of {classes.Length} classes.");
        }

        var tensors = reader.ReadAll();
        try
        {
            var content = tensors[Features].bytes;
            var bits = tensors[Candidates].bytes;
            var samples = new SupportSample[(int)count];
            for (var i = 0; i < samples.Length; i++)
            {
                var row = bits.Slice(i * classes.Length, classes.Length).ToArray();
                int[] own = [.. classes.Where((_, slot) => row[slot] != 0).Order()];
                samples[i] = new SupportSample(content.Slice(i * shape.Bytes, shape.Bytes).ToArray(), own);
            }

            var set = new SupportSet(shape, labels, samples);
            return set.Classes.SequenceEqual(classes) ? set : throw new FormatException("The support samples are of other classes than the classifier.");
        }
        finally
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
        }
    }
}
