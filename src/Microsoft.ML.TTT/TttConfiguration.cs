using System.Text.Json.Serialization;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.TTT;

/// <summary>Config.json of a classifier.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="KeyValues">What they are called; null where the label had no values.</param>
/// <param name="Mirror">Whether images are scored together with their mirror images.</param>
/// <param name="Normalization">How pixels become numbers.</param>
/// <param name="Shape">The sizes of the network.</param>
internal sealed record TttConfiguration(
    [property: JsonPropertyName("columns")] TttColumnPart Columns,
    [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("keyValues")] KeyValuePart? KeyValues,
    [property: JsonPropertyName("mirror")] bool Mirror,
    [property: JsonPropertyName("normalization")] NormalizationPart Normalization,
    [property: JsonPropertyName("shape")] ModelShape Shape);

/// <summary>The names of columns.</summary>
internal sealed record TttColumnPart(
    [property: JsonPropertyName("feature")] string Feature,
    [property: JsonPropertyName("score")] string Score,
    [property: JsonPropertyName("predictedLabel")] string PredictedLabel)
{
    /// <exception cref="FormatException">A name is empty.</exception>
    public ScoreColumns ToScoreColumns(string what)
    {
        var named = new[] { ("feature", Feature), ("score", Score), ("predictedLabel", PredictedLabel) };
        ModelJson.Check(named.Where(one => one.Item2.Length == 0).Select(one => $"'{one.Item1}' is empty."), what, "columns");
        return new ScoreColumns(Score, PredictedLabel);
    }
}
