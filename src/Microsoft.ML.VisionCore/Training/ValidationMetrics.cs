using System.Text.Json.Serialization;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>What one pass over the whole validation set gave.</summary>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Share of right answers, in [0, 1].</param>
/// <param name="Count">The number of examples.</param>
internal sealed record ValidationMetrics(double Loss, double Accuracy, long Count)
{
    /// <summary>What "best" means; higher is better.</summary>
    [JsonIgnore]
    public double Score => Accuracy;
}
