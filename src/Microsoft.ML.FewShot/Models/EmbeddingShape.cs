using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>How a model embeds rows that no training has to embed: photographs by ML.NET's ResNet-18, or vectors that are embeddings already.</summary>
internal sealed record EmbeddingShape
{
    /// <summary>The side S of photographs.</summary>
    internal const int PhotographSide = 224;

    /// <summary>The length of the embedding of a photograph: the last stage's features, and these as the correction has them.</summary>
    internal const int PhotographLength = 2 * 512;

    /// <summary>The rank of the bottlenecks of a <see cref="StageCorrection"/>; 0 for vectors.</summary>
    public int CorrectionRank { get; init; }

    /// <summary>Whether the numbers of vectors, which are then at least 0, are replaced by their square roots; photographs' always are.</summary>
    public bool SquareRoots { get; init; }

    /// <summary>The SHA-256 of the backbone's file; null for vectors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Backbone { get; init; }

    /// <summary>That of photographs.</summary>
    internal static EmbeddingShape Photographs(int rank) => new() { CorrectionRank = rank, SquareRoots = true, Backbone = ResNet18File.Checksum };

    /// <summary>The least that the largest number of a vector counts as: a vector of zeros stays one.</summary>
    internal const double Least = 1e-37;

    /// <summary>Vectors [M, F] as unit vectors; those of zeros stay.</summary>
    internal Tensor Embed(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        // Squares of numbers beyond 1e19 are too large for float32, and those of numbers below 1e-19 are 0.
        var scaled = vectors.div(vectors.abs().amax([1], keepdim: true).ClampMin(Least));        // [M, F]
        return PhotographEmbedding.Unit(SquareRoots ? scaled.ClampMin(0).sqrt() : scaled).MoveToOuterDisposeScope();
    }

    /// <summary>What is wrong with it, in the words of its members.</summary>
    internal IEnumerable<string> Violations(bool isImages)
    {
        if (CorrectionRank < (isImages ? 1 : 0) || CorrectionRank > (isImages ? 512 : 0))
        {
            yield return $"CorrectionRank must be in [{(isImages ? "1, 512" : "0, 0")}]; it is {CorrectionRank}.";
        }

        if (Backbone != (isImages ? ResNet18File.Checksum : null))
        {
            yield return isImages ? $"Backbone must be {ResNet18File.Checksum}, the network of {ResNet18File.Package}; it is {Backbone ?? "null"}." : "Backbone must be null for vectors.";
        }
    }
}
