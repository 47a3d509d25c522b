using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;

namespace MLExt.Commands;

/// <summary><c>mlext export</c>: a saved classifier as an ONNX file, which other runtimes and other languages can run.</summary>
internal sealed class ExportCommand
{
    private readonly Terminal _terminal;
    private readonly Option<bool> _verbose;
    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string> _onnx = new("--onnx") { HelpName = "FILE", Description = "The ONNX file to write.", Required = true };
    private readonly Option<OnnxPart> _part = new Option<OnnxPart>("--part")
    {
        HelpName = "NAME",
        Description = $"What of it: {EnumNames.OnnxParts.Listed}. Few-shot classifiers of photographs share their embedding, nearly all of the file; the head is their own.",
        CustomParser = EnumNames.OnnxParts.Parse,
    }.Offering(EnumNames.OnnxParts.All);

    private readonly Option<string?> _json = CommonOptions.Json();

    /// <summary>Makes the command.</summary>
    public ExportCommand(Terminal terminal, Option<bool> verbose)
    {
        _terminal = terminal;
        _verbose = verbose;
        Command = new Command("export", """
            Writes a classifier as an ONNX file. It takes images that were resized to the model's size, as bytes, and gives probabilities;
            the names of the classes and the size are in its metadata.

            Example: mlext export --model output/model.zip --onnx model.onnx
            """)
        { _model, _onnx, _part, _json };
        Command.SetAction(Run);
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private int Run(ParseResult parsed)
    {
        OutputFile.CheckDistinct([("--onnx", parsed.GetValue(_onnx)), ("--json", parsed.GetValue(_json))], ("--model", parsed.GetValue(_model)));
        using var file = new OutputFile(parsed.GetRequiredValue(_onnx));
        using var json = parsed.GetValue(_json) is { } path ? new OutputFile(path) : null;
        var context = Session.Open(_terminal, parsed.GetValue(_verbose), gpu: null);
        var name = parsed.GetRequiredValue(_model);
        var model = LoadedModel.Read(context, name, out var input);
        try
        {
            if (model is FewShotHyperTransformer)
            {
                throw new CommandException($"'{name}' generates classifiers and is none itself; 'mlext few-shot adapt' makes one with it.");
            }

            Export(context, model, name, file, parsed.GetValue(_part));
            Report(model, input, name, file, json);
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }

        return ExitCode.Success;
    }

    private void Report(ITransformer model, DataViewSchema? input, string name, OutputFile file, OutputFile? json)
    {
        var bytes = new FileInfo(file.FullPath).Length;
        _terminal.Line(string.Create(CultureInfo.InvariantCulture, $"The ONNX file is {file.FullPath} ({bytes / 1024.0:0.0} KB)"));
        if (json is not null)
        {
            var output = input is null ? null : model.GetOutputSchema(input);
            var classes = output?.GetColumnOrNull(Columns.Score) is { } score && score.HasSlotNames() ? LoadedModel.NamesOf(output) : [];
            JsonReport.Write(json, new ExportReport(Path.GetFullPath(name), file.FullPath, bytes, classes));
        }
    }

    private static void Export(MLContext context, ITransformer model, string name, OutputFile file, OnnxPart part)
    {
        try
        {
            file.Write(path =>
            {
                using var stream = File.Create(path);
                context.Model.ExportToOnnx(model, stream, part);
            });
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"'{name}' cannot be exported: {e.Message}", inner: e);
        }
    }
}
