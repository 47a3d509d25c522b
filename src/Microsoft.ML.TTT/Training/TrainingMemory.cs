using System.Globalization;
using Microsoft.ML.TTT.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Training;

/// <summary>The memory that a training needs at least, so that absurd sizes are refused before the machine has given all that it has.</summary>
/// <param name="WeightBytes">Of the blocks' weights, their gradients and one memory of the optimizer.</param>
/// <param name="BatchBytes">Of what the blocks keep of a batch for the gradient.</param>
/// <remarks>What is not counted: the tokens' making, a backbone, the inner models, the optimizer's second memory, and the copy of the best weights.</remarks>
internal readonly record struct TrainingMemory(double WeightBytes, double BatchBytes)
{
    private const double Gigabyte = 1e9;

    // Weights, gradients, momentum.
    private const int CopiesOfWeights = 3;

    // Of the width: what both normalisations get and give; and with a mixer two of what it multiplies.
    private const int WithoutMixer = 2, WithMixer = 6;

    // In a container, .NET speaks of three quarters of the memory.
    private const double Hidden = 4.0 / 3;

    /// <summary>What is needed in all.</summary>
    public double Bytes => WeightBytes + BatchBytes;

    /// <summary>The estimate for a model and a batch.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="side">The side that it is trained at.</param>
    /// <param name="batch">The images of a batch.</param>
    public static TrainingMemory Of(ModelShape shape, int side, int batch)
    {
        var (width, tokens) = ((double)shape.Width, Math.Pow(side / shape.PatchSize, 2));
        var (weights, kept) = (width * shape.Classes, 0.0);
        for (var block = 0; block < shape.Depth; block++)
        {
            var mixes = shape.MixerOf(block) != TokenMixer.None;
            // The feed-forward part has two matrices, and keeps what is between them before and after the GELU; a mixer has at least four, or queries, keys and values in one.
            weights += width * width * ((2 * shape.MlpRatio) + (mixes ? 4 : 0));
            kept += width * ((2 * shape.MlpRatio) + (mixes ? WithMixer : WithoutMixer));
        }

        return new TrainingMemory(sizeof(float) * CopiesOfWeights * weights, sizeof(float) * kept * tokens * batch);
    }

    /// <summary>Refuses what cannot fit into this machine; what a GPU can hold is found out there.</summary>
    /// <param name="device">Where is trained.</param>
    /// <param name="what">The batch, as the message names it.</param>
    /// <exception cref="InvalidOperationException">More is needed; the message says how much.</exception>
    public void Check(Device device, string what)
    {
        if (device.type == DeviceType.CPU)
        {
            Check(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, what);
        }
    }

    /// <summary>Refuses what cannot fit into so many bytes.</summary>
    /// <param name="available">What the machine has.</param>
    /// <param name="what">The batch, as the message names it.</param>
    /// <exception cref="InvalidOperationException">More is needed; the message says how much.</exception>
    public void Check(double available, string what)
    {
        if (Bytes > available * Hidden)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Training needs at least {Bytes / Gigabyte:N0} GB of memory, {WeightBytes / Gigabyte:N0} for the weights and {BatchBytes / Gigabyte:N0} for {what}; the machine has {available / Gigabyte:N0} GB. ") +
                "A smaller BatchSize, ImageSize, Width, Depth or MlpRatio, or a larger PatchSize, needs less.");
        }
    }
}
