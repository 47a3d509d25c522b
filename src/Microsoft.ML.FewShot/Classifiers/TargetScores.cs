using System.Runtime.InteropServices;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>Scores rows with the finished classifier of a task.</summary>
internal static class TargetScores
{
    /// <summary>How many rows are scored together.</summary>
    public const int BatchSize = 64;

    /// <summary>The probabilities of rows.</summary>
    /// <param name="network">The classifier, in evaluation mode.</param>
    /// <param name="features">[B, row].</param>
    /// <param name="shape">What a row is.</param>
    /// <param name="scale">How pixels become numbers; null for vectors.</param>
    /// <param name="slots">Class → slot of the classifier, [Y]; -1 for classes that it has not.</param>
    /// <param name="device">Where the classifier is.</param>
    /// <param name="probabilities">Receives [B, Y]; 0 for classes that the classifier has not.</param>
    /// <param name="known">Receives [B] of a classifier that rejects; empty for others.</param>
    public static void Score(TargetNetwork network, ReadOnlySpan<byte> features, ExampleShape shape, ImageNormalization? scale, ReadOnlySpan<int> slots, Device device,
        Span<float> probabilities, Span<float> known)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var answer = network.Answer(SupportSet.ToTensor(features, shape, scale, device));
        var logits = answer.Logits.to(float32).cpu();                                                       // [B, W]
        if (!known.IsEmpty)
        {
            MemoryMarshal.Cast<byte, float>(answer.Known!.cpu().bytes).CopyTo(known);                         // [B]
        }

        var values = MemoryMarshal.Cast<byte, float>(logits.bytes);
        var (rows, ways) = ((int)logits.size(0), (int)logits.size(1));
        for (var row = 0; row < rows; row++)
        {
            Softmax(values.Slice(row * ways, ways), slots, probabilities.Slice(row * slots.Length, slots.Length));
        }
    }

    // One row by itself, in float64: the same bits whatever else is scored.
    private static void Softmax(ReadOnlySpan<float> logits, ReadOnlySpan<int> slots, Span<float> probabilities)
    {
        double largest = double.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        for (var number = 0; number < slots.Length; number++)
        {
            probabilities[number] = slots[number] < 0 ? 0 : (float)(Math.Exp(logits[slots[number]] - largest) / sum);
        }
    }
}
