using System.Text.Encodings.Web;
using System.Text.Json;
using MLExt.Data;

namespace MLExt.CodeGeneration;

/// <summary>NAME.mbconfig: what was trained on what, as Model Builder writes it down.</summary>
internal static class ConfigurationText
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's text.</summary>
    public static string Text(CodeSubject subject) => JsonSerializer.Serialize(new
    {
        TrainingTime = (int)Math.Ceiling(subject.Settings.TrainTime?.TotalSeconds ?? subject.Seconds),
        Scenario = "ImageClassification",
        DataSource = new { Type = "Folder", Version = 1, FolderPath = subject.ImageFolder },
        Environment = new { Type = subject.Settings.Gpu is null ? "LocalCPU" : "LocalGPU", Version = 1 },
        RunHistory = new
        {
            Version = 0,
            Type = "Result",
            Trials = new[]
            {
                new
                {
                    Version = 0,
                    Type = "Trial",
                    TrainerName = "TTTImageClassification",
                    Score = subject.MicroAccuracy is { } accuracy && double.IsFinite(accuracy) ? accuracy : (double?)null,
                    RuntimeInSeconds = Math.Round(subject.Seconds, 3),
                },
            },
            Pipeline = JsonSerializer.Serialize(Pipeline()),
            MetricName = "MicroAccuracy",
        },
        Type = "TrainingConfig",
        Version = 1,
    }, Format) + "\n";

    private static object[] Pipeline() =>
    [
        new { EstimatorType = "MapValueToKey", Inputs = new[] { Columns.Label }, Outputs = new[] { Columns.Label } },
        new
        {
            EstimatorType = "TTTImageClassificationMulti",
            LabelColumnName = Columns.Label,
            Inputs = new[] { Columns.Image },
            Outputs = new[] { Columns.Score, Columns.PredictedLabel },
        },
        new { EstimatorType = "MapKeyToValue", Inputs = new[] { Columns.PredictedLabel }, Outputs = new[] { Columns.PredictedLabel } },
    ];
}
