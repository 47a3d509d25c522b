using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>The parts of configurations that hyper-transformers and classifiers have in common.</summary>
internal static class FewShotModelParts
{
    public static JsonObject ToJson(FewShotColumns columns) => new()
    {
        ["label"] = columns.Label,
        ["feature"] = columns.Feature,
        ["group"] = columns.Group,
        ["candidates"] = columns.Candidates,
        ["score"] = columns.Added.Score,
        ["predictedLabel"] = columns.Added.PredictedLabel,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static FewShotColumns Columns(ModelConfiguration configuration, JsonElement json)
    {
        string? Optional(string name) => json.GetProperty(name).ValueKind == JsonValueKind.Null ? null : configuration.Text(json, name);

        return new FewShotColumns(configuration.Text(json, "label"), configuration.Text(json, "feature"), Optional("group"), Optional("candidates"),
            new ScoreColumns(configuration.Text(json, "score"), configuration.Text(json, "predictedLabel")));
    }

    /// <exception cref="FormatException">There is no such method.</exception>
    public static FewShotMethod Method(string what, string? name) => Enum.TryParse<FewShotMethod>(name, out var method) && Enum.IsDefined(method) && $"{method}" == name ? method
        : throw new FormatException($"The configuration of the {what} names the method '{name}', which is unknown.");
}
