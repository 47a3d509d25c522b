using System.Text.Json.Serialization;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>How an <see cref="LstmMetaLearner"/> adapts to a task. Stored beside the weights.</summary>
internal sealed record LstmSettings
{
    /// <summary>The updates of the classifier's weights, each from a batch of the support set.</summary>
    public int Updates { get; init; } = 8;

    /// <summary>The width of the cell that reads gradient, loss and weight; 20 in the paper.</summary>
    public int Width { get; init; } = 20;

    /// <summary>What is wrong, if anything.</summary>
    [JsonIgnore]
    internal IEnumerable<string> Violations
    {
        get
        {
            if (Updates is < 1 or > 100)
            {
                yield return $"Updates must be in [1, 100]; it is {Updates}.";
            }

            if (Width is < 1 or > 1024)
            {
                yield return $"Width must be in [1, 1024]; it is {Width}.";
            }
        }
    }
}
