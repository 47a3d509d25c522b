using Microsoft.ML.Data;

namespace Samples.FeatureVectors;

/// <summary>One row of the data: a plant in numbers. In an application these would be what a network for images or texts gives.</summary>
internal sealed class Plant
{
    /// <summary>Name of the species.</summary>
    public string Label { get; set; } = "";

    /// <summary>The shape of a leaf.</summary>
    [VectorType(12)]
    public float[] Leaf { get; set; } = [];

    /// <summary>The colours of a flower.</summary>
    [VectorType(4)]
    public float[] Flower { get; set; } = [];

    /// <summary>Invents species and some plants of each, which differ a little from one another.</summary>
    public static IEnumerable<Plant> Invent(string prefix, int species, int plants, int seed)
    {
        var random = new Random(seed);
        float Around(float middle, float spread) => middle + spread * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        for (var kind = 0; kind < species; kind++)
        {
            var middle = Enumerable.Range(0, 16).Select(_ => Around(0, 2)).ToArray();
            for (var plant = 0; plant < plants; plant++)
            {
                var numbers = middle.Select(number => Around(number, 1)).ToArray();
                yield return new Plant { Label = $"{prefix}-{kind:00}", Leaf = numbers[..12], Flower = numbers[12..] };
            }
        }
    }
}
