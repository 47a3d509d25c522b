using System.Diagnostics;
using Microsoft.ML;
using MLExt.Commands;
using MLExt.Models;
using MLExt.Serve.Contract;
using MLExt.Serve.DataSets;
using MLExt.Serve.Http;
using MLExt.Training;

namespace MLExt.Serve.Trainings;

/// <summary>A training on a thread of its own, and what came of it.</summary>
internal sealed class TrainingTask : IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly Terminal _terminal;
    private readonly string _folder;
    private readonly IDisposable _images;
    private readonly MLContext _context;
    private readonly ImageTrainingData _data;
    private readonly ImageTrainingRun _run;
    private readonly Thread _thread;
    private volatile TrainingOutcome? _outcome;
    private volatile bool _isMeasuring;
    private volatile bool _isDisposed;

    private TrainingTask(AppParts parts, DataSet dataSet, IDisposable images, TrainingPlan plan)
    {
        (DataSet, Plan, _images) = (dataSet, plan, images);
        _terminal = parts.Terminal;
        _data = ImageTrainingData.Of(dataSet.Images, validation: null, plan.Settings.Seed);
        _context = Session.Open(parts.Terminal, parts.Settings.IsVerbose, plan.Settings.Gpu, plan.Settings.Seed, parts.Work.Path);
        _run = new ImageTrainingRun(_context, _data, plan.Settings, _stop.Token, _clock);
        _folder = parts.Work.Make();
        _thread = new Thread(Run) { IsBackground = true, Name = "Training" };
    }

    /// <summary>What its address ends with.</summary>
    public string Id { get; } = NewId.Make();

    /// <summary>The images; held open.</summary>
    public DataSet DataSet { get; }

    /// <summary>What was asked for.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>How it ended; null while it runs.</summary>
    public TrainingOutcome? Outcome => _outcome;

    /// <summary>What it has reported.</summary>
    public TrainingJournal Journal => _run.Journal;

    /// <summary>Starts a training.</summary>
    /// <param name="parts">The app.</param>
    /// <param name="dataSet">The images.</param>
    /// <param name="plan">How to train.</param>
    /// <exception cref="CommandException">There is only one class.</exception>
    /// <exception cref="ProblemException">The data set is closed.</exception>
    public static TrainingTask Start(AppParts parts, DataSet dataSet, TrainingPlan plan)
    {
        var images = dataSet.Use() ?? throw ProblemException.NotFound($"The data set '{dataSet.Id}' is gone.");
        try
        {
            var task = new TrainingTask(parts, dataSet, images, plan);
            task._thread.Start();
            return task;
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <summary>Asks it to stop and keep the best model.</summary>
    public void Stop()
    {
        if (_outcome is null)
        {
            _stop.Cancel();
        }
    }

    /// <summary>Where it is.</summary>
    public TrainingAnswer Describe()
    {
        // The outcome first: what was reported before it is complete.
        var outcome = _outcome;
        var (now, time) = (Journal.Now, Plan.TrainTime);
        return new TrainingAnswer
        {
            Id = Id,
            Name = Plan.Name,
            DataSet = DataSet.Id,
            State = outcome?.State ?? TrainingState.Running,
            Phase = _isMeasuring ? "measuring" : now.Phase == TrainingPhase.Reading ? "reading" : "training",
            Progress = outcome is null ? Math.Round(Math.Min(1, _clock.Elapsed / time), 4) : 1,
            Elapsed = Math.Round(_clock.Elapsed.TotalSeconds, 3),
            Remaining = outcome is null ? Math.Round(Math.Max(0, (time - _clock.Elapsed).TotalSeconds), 3) : 0,
            Device = Session.Device(Plan.Settings.Gpu),
            Images = now.Images,
            ImagesRead = now.ImagesRead,
            Skipped = now.Skipped,
            Classes = outcome?.Model?.Classes,
            LearnsInSteps = outcome?.Model?.Model.LearnsInSteps,
            Error = outcome?.Error,
            Curve = Journal.Curve,
        };
    }

    /// <summary>What it was and what came of it.</summary>
    public TrainingAccount Account(TrainedImageModel model) => new()
    {
        Name = Plan.Name,
        DataSet = DataSet.IsUpload ? Path.GetFileName(DataSet.Store.Location) : DataSet.Store.Location,
        Data = _data,
        Settings = Plan.Settings,
        Backbone = _run.Backbone,
        Journal = Journal,
        IsStopped = _outcome?.State == TrainingState.Stopped,
        Elapsed = _clock.Elapsed,
        Evaluation = model.Evaluation,
    };

    /// <summary>Stops it and frees what came of it. Runs on the <see cref="ModelThread"/>.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _stop.Cancel();
        if (_thread.Join(LongestEnd))
        {
            _outcome?.Model?.Dispose();
            _images.Dispose();
            _stop.Dispose();
        }

        WorkFolder.Delete(_folder);
    }

    private void Run()
    {
        var outcome = Train();
        _clock.Stop();
        _outcome = outcome;
    }

    private TrainingOutcome Train()
    {
        try
        {
            var result = _run.Run();
            _isMeasuring = true;
            var model = TrainedImageModel.Finish(_context, result, _data, Path.Combine(_folder, Plan.Name + ".zip"), measures: !_isDisposed);
            return new TrainingOutcome(result.IsStopped ? TrainingState.Stopped : TrainingState.Finished, model, Error: null);
        }
        catch (Exception e)
        {
            var reason = LibraryMessages.Of(e);
            _terminal.Aside($"error: the training '{Plan.Name}' failed: {reason}");
            return new TrainingOutcome(TrainingState.Failed, Model: null, reason);
        }
    }
}
