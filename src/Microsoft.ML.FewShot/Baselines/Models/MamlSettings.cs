using System.Text.Json.Serialization;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>How a <see cref="MamlModel"/> adapts to a task. Stored beside the weights.</summary>
internal sealed record MamlSettings
{
    /// <summary>The gradient steps on a support set.</summary>
    public int Steps { get; init; } = 3;

    /// <summary>Whether the outer gradient takes the inner gradients for constants: cheaper, and only an approximation.</summary>
    public bool FirstOrder { get; init; }

    /// <summary>Whether the rate of every layer in every step is trained along; otherwise the rates stay as they start.</summary>
    public bool LearnsRates { get; init; } = true;

    /// <summary>The rate that the layers below the logits start with.</summary>
    public double Rate { get; init; } = 0.1;

    /// <summary>The rate that the logits layer starts with; 0 means 8 / F, with which the first step gives what a Prototypical Network starts with.</summary>
    public double HeadRate { get; init; }

    /// <summary>What is wrong, if anything.</summary>
    [JsonIgnore]
    internal IEnumerable<string> Violations
    {
        get
        {
            if (Steps is < 1 or > 100)
            {
                yield return $"Steps must be in [1, 100]; it is {Steps}.";
            }

            if (!(Rate > 0 && double.IsFinite(Rate)))
            {
                yield return FormattableString.Invariant($"Rate must be above 0; it is {Rate}.");
            }

            if (!(HeadRate >= 0 && double.IsFinite(HeadRate)))
            {
                yield return FormattableString.Invariant($"HeadRate must be 0 or above; it is {HeadRate}.");
            }
        }
    }
}
