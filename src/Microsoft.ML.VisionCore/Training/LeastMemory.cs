using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The memory that something needs at least, so that absurd sizes are refused before the machine has given all that it has.</summary>
/// <param name="WeightBytes">Of the weights, and in training of their gradients and one memory of the optimizer.</param>
/// <param name="BatchBytes">Of what is kept of the examples that are worked on at once.</param>
/// <param name="Remedy">What would need less, as a sentence.</param>
internal readonly record struct LeastMemory(double WeightBytes, double BatchBytes, string Remedy)
{
    /// <summary>Weights, gradients, momentum.</summary>
    public const int CopiesOfWeights = 3;

    private const double Gigabyte = 1e9;

    // In a container, .NET speaks of three quarters of the memory.
    private const double Hidden = 4.0 / 3;

    /// <summary>What is needed in all.</summary>
    public double Bytes => WeightBytes + BatchBytes;

    /// <summary>Refuses what cannot fit into this machine; what a GPU can hold is found out there.</summary>
    /// <param name="device">Where the work is done.</param>
    /// <param name="what">The examples, as the message names them.</param>
    /// <param name="work">The work, as the message names it.</param>
    /// <exception cref="InvalidOperationException">More is needed; the message says how much.</exception>
    public void Check(Device device, string what, string work = "Training")
    {
        if (device.type == DeviceType.CPU)
        {
            Check(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, what, work);
        }
    }

    /// <summary>Refuses what cannot fit into so many bytes.</summary>
    /// <param name="available">What the machine has.</param>
    /// <param name="what">The examples, as the message names them.</param>
    /// <param name="work">The work, as the message names it.</param>
    /// <exception cref="InvalidOperationException">More is needed; the message says how much.</exception>
    public void Check(double available, string what, string work = "Training")
    {
        if (Bytes > available * Hidden)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{work} needs at least {Bytes / Gigabyte:N0} GB of memory, {WeightBytes / Gigabyte:N0} for the weights and {BatchBytes / Gigabyte:N0} for {what}; the machine has {available / Gigabyte:N0} GB. {Remedy}"));
        }
    }
}
