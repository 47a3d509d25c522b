using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Support;

/// <summary>The samples of one task, in an order that does not depend on how they were read. Immutable.</summary>
internal sealed class SupportSet
{
    private readonly SupportSample[] _samples;
    private readonly int[] _classes;            // [W]: slot → class

    /// <param name="shape">What the samples are.</param>
    /// <param name="labels">All classes that there are.</param>
    /// <param name="samples">At least one labelled or partially labelled sample.</param>
    public SupportSet(ExampleShape shape, ClassLabels labels, IEnumerable<SupportSample> samples)
    {
        Shape = shape;
        Labels = labels;
        _samples = [.. samples];
        _classes = [.. _samples.SelectMany(sample => sample.Classes).Distinct()];
        Array.Sort(_classes, (a, b) => string.CompareOrdinal(labels.NameOf(a), labels.NameOf(b)));
        var slots = _classes.Select((number, slot) => (number, slot)).ToDictionary(pair => pair.number, pair => pair.slot);
        _samples = Array.ConvertAll(_samples, sample => sample with { Classes = [.. sample.Classes.Select(number => slots[number]).Order()] });
        Array.Sort(_samples, SupportSample.Compare);
    }

    public ExampleShape Shape { get; }

    public ClassLabels Labels { get; }

    /// <summary>The samples; their classes are slots.</summary>
    public IReadOnlyList<SupportSample> Samples => _samples;

    /// <summary>The class of every slot, [W]: those that have a sample, by name.</summary>
    public IReadOnlyList<int> Classes => _classes;

    /// <summary>Class → slot, [Y]; -1 for classes that the set has not.</summary>
    public int[] Slots()
    {
        var slots = new int[Labels.Count];
        Array.Fill(slots, -1);
        for (var slot = 0; slot < _classes.Length; slot++)
        {
            slots[_classes[slot]] = slot;
        }

        return slots;
    }

    /// <summary>The samples as a model takes them, [1, N, C, S, S] or [1, N, F].</summary>
    public Tensor ToTensor(ImageNormalization? scale, Device device) => ToTensor([.. _samples.SelectMany(sample => sample.Features)], Shape, scale, device).unsqueeze(0);

    /// <summary>What is known of the samples' classes, [1, N, W].</summary>
    public Tensor Candidates(Device device)
    {
        var candidates = new float[_samples.Length * _classes.Length];
        for (var i = 0; i < _samples.Length; i++)
        {
            var row = candidates.AsSpan(i * _classes.Length, _classes.Length);
            if (_samples[i].Classes.Length == 0)
            {
                row.Fill(1);
            }

            foreach (var slot in _samples[i].Classes)
            {
                row[slot] = 1;
            }
        }

        return tensor(candidates, [1, _samples.Length, _classes.Length], device: device);
    }

    /// <summary>The features of rows as a model takes them: bytes [B, row] → [B, C, S, S], normalised, or [B, F].</summary>
    public static Tensor ToTensor(ReadOnlySpan<byte> features, ExampleShape shape, ImageNormalization? scale, Device device)
    {
        long count = features.Length / shape.Bytes;
        if (scale is null)
        {
            return tensor(MemoryMarshal.Cast<byte, float>(features).ToArray(), [count, .. shape.Dimensions], device: device);
        }

        using var pixels = tensor(features.ToArray(), [count, .. shape.Dimensions], device: device);
        return scale.Apply(pixels);
    }
}

/// <summary>A sample of a support set.</summary>
/// <param name="Features">The bytes of its image [C, S, S], or of its numbers [F].</param>
/// <param name="Classes">
/// The classes that come into question, ascending from 0: one for a labelled sample, several for a partially labelled one, none where nothing is known.
/// </param>
internal sealed record SupportSample(byte[] Features, int[] Classes)
{
    /// <summary>The order in which samples are given to models, so that the order in which they are read has no influence, not even on the last bit of a sum.</summary>
    public static int Compare(SupportSample a, SupportSample b)
    {
        // Labelled samples by class, then partially labelled ones, then unlabelled ones.
        var order = Rank(a).CompareTo(Rank(b));
        order = order != 0 ? order : a.Classes.AsSpan().SequenceCompareTo(b.Classes);
        return order != 0 ? order : a.Features.AsSpan().SequenceCompareTo(b.Features);
    }

    private static int Rank(SupportSample sample) => sample.Classes.Length switch { 1 => 0, > 1 => 1, _ => 2 };
}

/// <summary>How many samples a classifier was made of.</summary>
/// <param name="Labeled">Those with a label, or with some candidates.</param>
/// <param name="Unlabeled">Those of which nothing was known.</param>
internal sealed record SampleCounts([property: JsonPropertyName("labeled")] int Labeled, [property: JsonPropertyName("unlabeled")] int Unlabeled)
{
    public static SampleCounts Of(SupportSet support)
    {
        var labeled = support.Samples.Count(sample => sample.Classes.Length > 0);
        return new SampleCounts(labeled, support.Samples.Count - labeled);
    }
}
