using System.Diagnostics;
using Microsoft.ML;
using MLExt.CodeGeneration;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;
using MLExt.Training;

namespace MLExt.Commands;

/// <summary>One run of <c>mlext image-classification</c>, from the data set to the model file.</summary>
internal sealed class ModelTraining(Terminal terminal, TrainArguments arguments, CancellationToken stop)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _name = Path.GetFileNameWithoutExtension(arguments.ModelFile);

    /// <summary>Trains, saves, measures and reports.</summary>
    public int Run()
    {
        OutputFile.CheckDistinct([("--name", arguments.ModelFile), ("--checkpoint", arguments.Checkpoint), ("--report", arguments.Report), ("--json", arguments.Json)],
            ("--dataset", arguments.DataSet), ("--validation-dataset", arguments.ValidationDataSet));
        var ranks = TrainingRanks.Join(terminal, arguments.Ranks, stop);
        arguments = arguments with { Ranks = arguments.Ranks with { Processes = ranks.Size } };
        using var modelFile = OutputFile.IfNamed(ranks.IsFirst ? arguments.ModelFile : null);
        using var code = arguments.Namespace is null || modelFile is null ? null : new CodeFiles(Path.GetDirectoryName(modelFile.FullPath)!, _name);
        using var report = OutputFile.IfNamed(ranks.IsFirst ? arguments.Report : null);
        using var json = OutputFile.IfNamed(ranks.IsFirst ? arguments.Json : null);
        using var whole = ImageStore.Open(arguments.DataSet);
        using var given = arguments.ValidationDataSet is { } other ? ImageStore.Open(other) : null;
        var divided = DividedDataSet.Of(whole);
        if (divided is not null)
        {
            terminal.Line(divided.Describe(isValidating: given is null));
        }

        var (store, validationStore) = (divided?.Training ?? whole, given is null ? divided?.Validation : DividedDataSet.ToMeasureOn(terminal, given));
        var all = ImageSet.Of(store);
        var data = ImageTrainingData.Of(all, validationStore, arguments.Seed);
        terminal.Line($"{data.Training.Count} images in {data.Training.Classes.Count} classes to train on, {data.Validation.Count} to measure on.");
        OtherFiles.Tell(terminal, store);
        if (validationStore is not null)
        {
            OtherFiles.Tell(terminal, validationStore);
        }

        terminal.Warn(DataSetAdvice.OfClasses(all.Sizes));
        var context = Session.Open(terminal, arguments.IsVerbose, arguments.Gpu, arguments.Seed);
        var run = new ImageTrainingRun(context, data, arguments.ToSettings(), stop, _clock, ranks.Group);
        using var result = ProgressDisplay.Around(terminal, "Reading images", display =>
        {
            run.Journal.Changed += new TrainingView(display).Show;
            try
            {
                return run.Run();
            }
            catch (InvalidOperationException)
            {
                data.Training.CheckDecodable();
                data.Validation.CheckDecodable();
                throw;
            }
        });
        if (modelFile is null)
        {
            ranks.Complete();
            return ExitCode.Success;
        }

        modelFile.Write(file => context.Model.Save(result.Model, result.Schema, file));
        var evaluation = Measure(context, result.Model, data.Validation);
        terminal.Warn(DataSetAdvice.OfRepeated([.. data.Training.Seen, .. data.Validation.Seen]));
        DamagedImages.Name(terminal, data.Training, (run.Journal.Now.Skipped ?? 0) - (evaluation?.Undecodable.Count ?? 0));
        var account = new TrainingAccount
        {
            Name = _name,
            DataSet = store.Location,
            ValidationDataSet = validationStore?.Location,
            Data = data,
            Settings = arguments.ToSettings(),
            Backbone = run.Backbone,
            Journal = run.Journal,
            IsStopped = result.IsStopped,
            Evaluation = evaluation,
            Elapsed = _clock.Elapsed,
        };
        terminal.Line($"The model is in {modelFile.FullPath}");
        WriteCode(code, account);
        WriteReport(report, account, LoadedModel.Of(context, result.Model, result.Schema, modelFile.FullPath));
        WriteJson(json, account, modelFile);
        ranks.Complete();
        return ExitCode.Success;
    }

    private ImageEvaluation? Measure(MLContext context, ITransformer model, ImageSet validation)
    {
        if (validation.Count == 0)
        {
            terminal.Warn("no image could be held back, so the model is not measured: give --validation-dataset.");
            return null;
        }

        var evaluation = ProgressDisplay.Around(terminal, "Scoring", display =>
        {
            var scored = model.Transform(validation.ToDataView(context, EvaluateCommand.Count(validation.Count, display)));
            return ImageEvaluation.Measure(context, scored, validation, LoadedModel.NamesOf(scored.Schema));
        });
        MetricsReport.Write(terminal, _name, evaluation.Figures);
        DamagedImages.Name(terminal, validation, evaluation.Undecodable.Count);
        return evaluation;
    }

    private void WriteCode(CodeFiles? code, TrainingAccount account)
    {
        foreach (var file in code?.Write(account.ToCode(arguments.Namespace!)) ?? [])
        {
            terminal.Line($"Generated {file}");
        }
    }

    private void WriteReport(OutputFile? report, TrainingAccount account, LoadedModel model)
    {
        if (report is not null)
        {
            report.WriteText(account.ToReport(model).ToString());
            terminal.Line($"The report is in {report.FullPath}");
        }
    }

    private void WriteJson(OutputFile? json, TrainingAccount account, OutputFile modelFile)
    {
        if (json is not null)
        {
            JsonReport.Write(json, new TrainingReport(account.Evaluation?.Figures, _clock.Elapsed.TotalSeconds)
            {
                Ece = account.Evaluation?.Calibration.Error,
                Model = modelFile.FullPath,
                Arguments = arguments,
                TrainingImages = account.Data.Training.Count,
                ValidationImages = account.Data.Validation.Count,
                Epochs = account.Journal.Now.Epoch,
                Backbone = EnumNames.Backbones.Of(account.Backbone),
                Skipped = account.Journal.Now.Skipped ?? account.Evaluation?.Figures.Skipped ?? 0,
                IsStopped = stop.IsCancellationRequested,
            });
        }
    }
}
