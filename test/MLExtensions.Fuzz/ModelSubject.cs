using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;

namespace MLExtensions.Fuzz;

/// <summary>Saved models: they are loaded, and what can be loaded scores a few rows.</summary>
internal sealed class ModelSubject : Subject
{
    // What says that a file is at fault. Everything else says that the code that read it is.
    private static readonly Type[] Refusals = [typeof(FormatException), typeof(FileNotFoundException)];

    // Columns may have other names in a mutant, and a generator may no longer fit the support set.
    private static readonly Type[] Mismatches = [typeof(FormatException), typeof(ArgumentOutOfRangeException), typeof(InvalidOperationException)];

    private readonly List<(string Name, byte[] File, Sample Sample)> _models = [];

    /// <param name="kind">trained, generator or classifier.</param>
    public ModelSubject(string kind)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Golden", kind == "trained" ? "trained" : "few-shot");
        var ending = kind == "trained" ? ".zip" : $".{kind}.zip";
        foreach (var path in Directory.GetFiles(folder, "*" + ending).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path)[..^ending.Length];
            var sample = JsonSerializer.Deserialize<Sample>(File.ReadAllText(Path.Combine(folder, name + ".json")), JsonSerializerOptions.Web)!;
            _models.Add((name, File.ReadAllBytes(path), sample));
            // The same as this version saves it, with checksums.
            _models.Add((name + " as saved today", SavedAgain(path), sample));
        }
    }

    public override string Extension => ".zip";

    public override IReadOnlyList<(string Name, byte[] File)> Honest => [.. _models.Select(model => (model.Name, model.File))];

    public override byte[] Mutate(int honest, Random random) => ModelMutator.Mutate(_models[honest].File, _models[random.Next(_models.Count)].File, random);

    public override string Try(int honest, byte[] file)
    {
        var context = new MLContext(1);
        ITransformer model;
        try
        {
            model = context.Model.LoadVerified(new MemoryStream(file), out _);
        }
        catch (Exception e)
        {
            // ML.NET goes on for hours over some of these.
            if (!e.Message.Contains("'Schema'", StringComparison.Ordinal))
            {
                LoadPlainly(file);
            }

            return Answer("refused", e, Refusals);
        }

        try
        {
            var scores = Scores(context, model, _models[honest].Sample);
            return scores.All(row => Array.TrueForAll(row, float.IsFinite)) ? "scored" : "!scores that are not finite";
        }
        catch (Exception e)
        {
            return Answer("loaded, does not fit", e, Mismatches);
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }
    }

    // Other checksums may let through what the checked way in refuses: no such file may do harm there either.
    private static void LoadPlainly(byte[] file)
    {
        try
        {
            (new MLContext(1).Model.Load(new MemoryStream(file), out _) as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // ML.NET may blame what it likes.
        }
    }

    private static string Answer(string what, Exception e, Type[] expected)
    {
        var cause = e is FormatException or FileNotFoundException ? e : e.GetBaseException();
        return expected.Contains(cause.GetType()) ? $"{what}: {cause.GetType().Name}" : $"!{what}: {cause.GetType().Name} at {Place(cause)}: {cause.Message.ReplaceLineEndings(" ")}";
    }

    /// <summary>Where an exception comes from.</summary>
    public static string Place(Exception e) => e.StackTrace?.Split('\n')[0].Trim() is { } line ? line[..Math.Min(line.Length, 140)] : "?";

    private static float[][] Scores(MLContext context, ITransformer model, Sample sample)
    {
        if (model is not FewShotHyperTransformer generator)
        {
            return [.. model.Transform(Rows(context, sample.Images ?? sample.Queries!)).GetColumn<float[]>("Score")];
        }

        var isImages = sample.Support![0].Features.ValueKind == JsonValueKind.String;
        var support = isImages
            ? context.Data.LoadFromEnumerable(sample.Support.Select(row => new NamedImage { Label = row.Name!, Features = row.Features.GetBytesFromBase64() }))
            : context.Data.LoadFromEnumerable(sample.Support.Select(row => new NamedVector { Label = row.Name ?? $"{row.Label}", Features = Floats(row.Features) }));
        using var classifier = generator.CreateClassifier(support);
        return [.. classifier.Transform(Rows(context, sample.Queries!)).GetColumn<float[]>("Score")];
    }

    private static IDataView Rows(MLContext context, JsonElement[] rows) => rows[0].ValueKind == JsonValueKind.String
        ? context.Data.LoadFromEnumerable(rows.Select(row => new Picture { Features = row.GetBytesFromBase64() }))
        : context.Data.LoadFromEnumerable(rows.Select(row => new Vector { Features = Floats(row) }));

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];

    private static byte[] SavedAgain(string path)
    {
        var context = new MLContext(1);
        var model = context.Model.Load(path, out var schema);
        using var saved = new MemoryStream();
        context.Model.Save(model, schema, saved);
        (model as IDisposable)?.Dispose();
        return saved.ToArray();
    }

    private sealed record Sample(JsonElement[]? Images, SupportRow[]? Support, JsonElement[]? Queries);

    private sealed record SupportRow(string? Name, uint Label, JsonElement Features);

    private sealed class NamedImage : Picture
    {
        public string Label { get; set; } = "";
    }

    private class Vector
    {
        [VectorType(12)]
        public float[] Features { get; set; } = [];
    }

    private sealed class NamedVector : Vector
    {
        public string Label { get; set; } = "";
    }
}
