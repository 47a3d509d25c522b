using System.Globalization;
using Microsoft.ML.TTT;
using MLExt.Reports;

namespace MLExt.Commands;

/// <summary>Turns what the trainer and the data set report into a display.</summary>
internal sealed class TrainingView
{
    private ProgressDisplay? _display;
    private int _images;
    private int _read;
    private float? _validated;
    private float _best;
    private float _loss;

    /// <summary>The epoch that training is in, from 1; 0 before it began.</summary>
    public int Epoch { get; private set; }

    /// <summary>Images that training and validation left out; null before training began.</summary>
    public int? Skipped { get; private set; }

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
        if (Epoch == 0 && read <= _images)
        {
            _display?.Report((double)read / _images, $"Reading images: {read} of {_images}");
        }
    }

    /// <summary>Takes a report of the trainer.</summary>
    public void Update(TTTImageClassificationTrainer.ImageClassificationMetrics metrics)
    {
        var train = metrics.Train;
        var isValidation = train.DatasetUsed == TTTImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation;
        Epoch = train.Epoch;
        Skipped = metrics.SkippedRows;
        if (isValidation)
        {
            _validated = train.Accuracy;
            _best = Math.Max(_best, train.Accuracy);
        }

        _loss = isValidation ? _loss : train.CrossEntropy;
        var validated = _validated is { } accuracy ? $", validation {Number(accuracy)}, best {Number(_best)}" : "";
        _display?.Report(metrics.Progress, $"Epoch {Epoch}, loss {Number(_loss)}{validated}", isValidation);
    }

    private static string Number(float value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
