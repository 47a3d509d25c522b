using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

/// <summary>Small support sets for tests.</summary>
internal static class Tasks
{
    /// <summary>The mark of a sample without a label; <see cref="Absent"/> marks a sample that is not there.</summary>
    public const int Open = -1, Absent = -2;

    /// <summary>Candidates [B, N, W] from class numbers, one row of <paramref name="classes"/> a task; an open sample may be of any class that a task's labels name.</summary>
    public static Tensor Candidates(int ways, params int[][] classes)
    {
        var values = new float[classes.Length * classes[0].Length * ways];
        int at = 0;
        foreach (var task in classes)
        {
            foreach (int label in task)
            {
                foreach (int way in label == Open ? task.Where(other => other >= 0).Distinct() : label == Absent ? [] : [label])
                {
                    values[at + way] = 1;
                }

                at += ways;
            }
        }

        return tensor(values, [classes.Length, classes[0].Length, ways]);
    }

    /// <summary>Makes the last map of an encoder, which starts at 0, do something.</summary>
    public static void Awaken(nn.Module generator, int seed)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        foreach (var (name, parameter) in generator.named_parameters())
        {
            if (name.EndsWith("output.weight", StringComparison.Ordinal) && !name.Contains("attention", StringComparison.Ordinal))
            {
                parameter.copy_(Drawn.Normal(seed, parameter.shape).Mul(0.1));
            }
        }
    }

    /// <summary>What the candidates say.</summary>
    public static SupportLabels Labels(Tensor candidates, Tensor? slotRows = null) => new(candidates, slotRows);
}
