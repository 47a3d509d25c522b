using System.Globalization;
using Microsoft.ML.FewShot;
using MLExt.Reports;
using MLExt.Training;

namespace MLExt.Commands.FewShot;

/// <summary>Turns what the trainer and the data set report into a display.</summary>
internal sealed class FewShotTrainingView
{
    private readonly List<StageFigures> _stages = [];
    private readonly List<StageCurve> _curves = [];
    private ProgressDisplay? _display;
    private int _images;
    private int _read;

    /// <summary>The parts of the model in the order of their training; the last is the one in progress.</summary>
    public IReadOnlyList<StageFigures> Stages => _stages;

    /// <summary>The curves of <see cref="Stages"/>.</summary>
    public IReadOnlyList<StageCurve> Curves => _curves;

    /// <summary>Images that were left out.</summary>
    public int Skipped { get; private set; }

    /// <summary>Starts showing.</summary>
    /// <param name="display">Where.</param>
    /// <param name="images">Images that will be read before training begins.</param>
    public void Show(ProgressDisplay display, int images)
    {
        _display = display;
        _images = images;
    }

    /// <summary>Counts an image that was read.</summary>
    public void ImageRead()
    {
        var read = Interlocked.Increment(ref _read);
        if (_stages.Count == 0 && read <= _images)
        {
            _display?.Report((double)read / _images, $"Reading images: {read} of {_images}");
        }
    }

    /// <summary>Takes a report of the trainer.</summary>
    public void Update(FewShotTrainingMetrics metrics)
    {
        var isNew = _stages.Count == 0 || _stages[^1].Name != metrics.Stage;
        var best = isNew ? null : _stages[^1].ValidationAccuracy;
        var stage = new StageFigures(metrics.Stage, metrics.Step, metrics.ValidationAccuracy > best || best is null ? metrics.ValidationAccuracy : best);
        Skipped = metrics.SkippedRows;
        if (isNew)
        {
            _stages.Add(stage);
            _curves.Add(new StageCurve(stage.Name));
        }

        _stages[^1] = stage;
        _curves[^1].Add(metrics.Step, metrics.Loss, metrics.Accuracy, metrics.ValidationAccuracy);
        _display?.Report(metrics.Progress, Line(stage, metrics.Loss), isNew || metrics.ValidationAccuracy is not null);
    }

    /// <summary>What is shown of a part.</summary>
    /// <param name="stage">How far it is.</param>
    /// <param name="loss">Its loss; no number where a training that goes on when its time is spent makes no step.</param>
    public static string Line(StageFigures stage, float loss) => $"{stage.Name}, step {stage.Steps}{(float.IsFinite(loss) ? $", loss {Number(loss)}" : "")}"
        + (stage.ValidationAccuracy is { } accuracy ? $", best validation {Number(accuracy)}" : "");

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
