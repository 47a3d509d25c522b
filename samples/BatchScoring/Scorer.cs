using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;

namespace Samples.BatchScoring;

/// <summary>Scores lists of images with a model.</summary>
internal sealed class Scorer
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly MLContext _mlContext = new();
    private readonly ITransformer _model;

    /// <summary>Loads the model.</summary>
    public Scorer(string modelFile)
    {
        try { _model = _mlContext.Model.Load(modelFile, out _); }
        catch (Exception e) { throw new FormatException($"'{modelFile}' cannot be loaded: {e.GetBaseException().Message}", e); }
    }

    /// <summary>Writes a line for each image of a list, in the same order.</summary>
    /// <exception cref="IOException">The images of the list are not there, or one that is there was not read. What was written is worth nothing then.</exception>
    public void Score(string list, StreamWriter file)
    {
        string[] images = [.. File.ReadLines(list).Where(line => !string.IsNullOrWhiteSpace(line))];
        var unread = new ConcurrentDictionary<string, string>();
        var rows = _mlContext.Data.LoadFromEnumerable(images.Select(image => new ImageRow { ImageSource = Read(image, unread) }));
        foreach (var (image, answer) in images.Zip(_mlContext.Data.CreateEnumerable<ImageAnswer>(_model.Transform(rows), reuseRowObject: true, ignoreMissingColumns: true)))
        {
            file.WriteLine(JsonSerializer.Serialize(Line(image, answer, unread.ContainsKey(image)), Json));
        }

        // The fault of a disk must not stay as that of pictures.
        if (unread.Keys.FirstOrDefault(File.Exists) is { } there)
            throw new IOException($"'{there}' is there and was not read: {unread[there]}");
        if (!unread.IsEmpty && !images.Any(File.Exists))
            throw new IOException($"None of its {images.Length} images is there, such as '{images[0]}'.");
    }

    private static byte[] Read(string image, ConcurrentDictionary<string, string> unread)
    {
        try { return File.ReadAllBytes(image); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            unread[image] = e.Message;
            return [];
        }
    }

    private static ImageLine Line(string image, ImageAnswer answer, bool isUnread) => answer switch
    {
        _ when isUnread => new(image, Error: "is not there"),
        { Score: var scores } when float.IsNaN(scores[0]) => new(image, Error: "is no picture that can be read"),
        { PredictedLabel: "" } => new(image, "", KnownScore: answer.KnownScore), // of none of the classes, which some models can say
        _ => new(image, answer.PredictedLabel, answer.Score.Max(), float.IsNaN(answer.KnownScore) ? null : answer.KnownScore),
    };

    private sealed record ImageLine(string Image, string? Label = null, float? Probability = null, float? KnownScore = null, string? Error = null);
}
