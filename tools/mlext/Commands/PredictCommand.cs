using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Interop;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;

namespace MLExt.Commands;

/// <summary><c>mlext predict</c>: what a saved model takes images for.</summary>
internal sealed class PredictCommand
{
    private readonly Terminal _terminal;
    private readonly Option<bool> _verbose;
    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<int?> _top = new Option<int?>("--top")
    {
        HelpName = "N",
        Description = "How many classes to print for each image.",
        DefaultValueFactory = _ => 3,
    }.AtLeast(1);

    private readonly Option<string?> _explain = new("--explain")
    {
        HelpName = "DIR",
        Description = "Also draw what spoke for each answer over its image, one PNG an image in this folder.",
    };

    private readonly Option<int?> _gpu = CommonOptions.Gpu();
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly Argument<string[]> _images = new("IMAGE")
    {
        Description = "Image files.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Makes the command.</summary>
    public PredictCommand(Terminal terminal, Option<bool> verbose)
    {
        _terminal = terminal;
        _verbose = verbose;
        Command = new Command("predict", """
            Prints the most probable classes of images. Ends with 1 if any of them could not be read; the others are still predicted.

            Example: mlext predict --model output/model.zip rose.jpg tulip.jpg
                     mlext predict --model classifier.zip --top 1 --json answers.json drawing.png
                     mlext predict --model output/model.zip --explain why rose.jpg
            """)
        { _model, _top, _explain, _gpu, _json, _images };
        Command.SetAction(Run);
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private int Run(ParseResult parsed)
    {
        OutputFile.CheckDistinct([("--json", parsed.GetValue(_json))],
            [("--model", parsed.GetValue(_model)), .. parsed.GetRequiredValue(_images).Select(image => ("IMAGE", (string?)image))]);
        using var json = OutputFile.IfNamed(parsed.GetValue(_json));
        var overlays = parsed.GetValue(_explain) is { } folder ? new OverlayFolder(folder, parsed.GetRequiredValue(_images), parsed.GetValue(_json)) : null;
        var context = Session.Open(_terminal, parsed.GetValue(_verbose), parsed.GetValue(_gpu));
        using var model = LoadedModel.Load(context, parsed.GetRequiredValue(_model));
        var answers = Predict(context, model, parsed.GetRequiredValue(_images), parsed.GetValue(_top) ?? 1, overlays);
        foreach (var answer in answers)
        {
            Print(answer);
        }

        if (overlays is not null)
        {
            var explained = answers.Count(a => a.Explanation is not null);
            _terminal.Line(explained == 0 ? "No answer is explained: none of the images is of a class."
                : $"{explained} of {answers.Count} answers are explained in {overlays.FullPath}: orange spoke for the class, blue against it.");
        }

        if (json is not null)
        {
            JsonReport.Write(json, new PredictionReport(Path.GetFullPath(parsed.GetRequiredValue(_model)), answers));
        }

        return answers.All(a => a.Error is null) ? ExitCode.Success : ExitCode.Failure;
    }

    private static List<ImageAnswer> Predict(MLContext context, LoadedModel model, string[] files, int top, OverlayFolder? overlays)
    {
        var problems = new string?[files.Length];
        var rows = context.Data.LoadFromEnumerable(files.Select((file, i) => new ImageRow("", () => Read(file, out problems[i]))).ToArray());
        var predictions = overlays is null ? context.Data.CreateEnumerable<Prediction>(model.Score(rows), reuseRowObject: false, ignoreMissingColumns: true) : model.Explain(rows);
        return [.. predictions.Select((prediction, i) => prediction.IsScored
            ? new ImageAnswer(files[i], prediction.Label, prediction.Known, prediction.Best(model.Classes, top), Error: null, Explain(prediction, i))
            : new ImageAnswer(files[i], PredictedLabel: null, KnownScore: null, [], problems[i] ?? Fault(files[i])))];

        string? Explain(Prediction prediction, int i) =>
            (prediction as ExplainedPrediction)?.Overlay(Read(files[i], out _)) is { } drawn ? overlays!.Write(i, drawn) : null;
    }

    private static byte[] Read(string file, out string? problem)
    {
        problem = Directory.Exists(file) ? "is a folder; expected an image file." : null;
        if (problem is not null)
        {
            return [];
        }

        try
        {
            return RegularFile.ReadAll(file, Data.ImageStore.LargestImage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read: {e.Message}";
            return [];
        }
    }

    private static string Fault(string file) => EncodedImage.FindFault(Read(file, out _)) is { } fault
        ? $"is not an image that can be decoded: {fault}."
        : "is an image that the model has no answer for.";

    private void Print(ImageAnswer answer)
    {
        if (answer.Error is not null)
        {
            _terminal.Fail($"mlext: '{answer.Image}' {answer.Error}");
            return;
        }

        var ranked = answer.Probabilities.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {100 * c.Probability:0.0} %"));
        var classes = string.Join(", ", ranked);
        var known = answer.KnownScore?.ToString("0.000", CultureInfo.InvariantCulture);
        _terminal.Line(known is null ? $"{answer.Image}: {classes}"
            : answer.PredictedLabel is null ? $"{answer.Image}: none of these, known score {known} (nearest: {classes})"
            : $"{answer.Image}: {classes}, known score {known}");
    }
}
