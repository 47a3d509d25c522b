using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;

namespace Samples.BatchScoring;

/// <summary>Scores lists of images with a model.</summary>
internal sealed class Scorer
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const long MostBytes = 1 << 30; // no picture has more

    private readonly MLContext _mlContext = new();
    private readonly ITransformer _model;

    /// <summary>Loads the model.</summary>
    public Scorer(string modelFile)
    {
        try { _model = _mlContext.Model.Load(modelFile, out _); }
        catch (Exception e) { throw new FormatException($"'{modelFile}' cannot be loaded: {e.GetBaseException().Message}", e); }
    }

    /// <summary>Writes a line for each image of a list, in the same order.</summary>
    /// <exception cref="InvalidDataException">The list, or an image that is there, cannot be read, or none of its images is there. What was written is worth nothing then.</exception>
    public void Score(string list, StreamWriter file)
    {
        string[] images;
        try { images = [.. File.ReadLines(list).Where(line => !string.IsNullOrWhiteSpace(line))]; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new InvalidDataException(e.Message, e); }

        var (absent, faults) = (new ConcurrentDictionary<string, bool>(), new ConcurrentQueue<string>());
        var rows = _mlContext.Data.LoadFromEnumerable(images.Select(image => new ImageRow { ImageSource = Read(image, absent, faults) }));
        foreach (var (image, answer) in images.Zip(_mlContext.Data.CreateEnumerable<ImageAnswer>(_model.Transform(rows), reuseRowObject: true, ignoreMissingColumns: true)))
        {
            file.WriteLine(JsonSerializer.Serialize(Line(image, answer, absent.ContainsKey(image)), Json));
        }

        // The fault of a disk must not stay as that of pictures.
        if (faults.TryPeek(out var fault))
            throw new InvalidDataException($"An image cannot be read: {fault}");
        if (absent.Keys.FirstOrDefault(CanBeRead) is { } back)
            throw new InvalidDataException($"'{back}' was not there, and is again.");
        if (!absent.IsEmpty && !images.Any(CanBeRead))
            throw new InvalidDataException($"None of its {images.Length} images is there, such as '{images[0]}'.");
    }

    private static byte[] Read(string image, ConcurrentDictionary<string, bool> absent, ConcurrentQueue<string> faults)
    {
        try
        {
            return Directory.Exists(image) || new FileInfo(image) is { Exists: true, Length: > MostBytes } ? [] : File.ReadAllBytes(image);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or PathTooLongException or ArgumentException)
        {
            absent[image] = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Enqueue($"{image}: {e.Message}");
        }

        return [];
    }

    private static bool CanBeRead(string image)
    {
        try
        {
            using var file = File.OpenRead(image);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static ImageLine Line(string image, ImageAnswer answer, bool isAbsent) => answer switch
    {
        _ when isAbsent => new(image, Error: "is not there"),
        { Score: var scores } when float.IsNaN(scores[0]) => new(image, Error: "is no picture that can be read"),
        { PredictedLabel: "" } => new(image, "", KnownScore: answer.KnownScore), // of none of the classes, which some models can say
        _ => new(image, answer.PredictedLabel, answer.Score.Max(), float.IsNaN(answer.KnownScore) ? null : answer.KnownScore),
    };

    private sealed record ImageLine(string Image, string? Label = null, float? Probability = null, float? KnownScore = null, string? Error = null);
}
