namespace MLExt.Training;

/// <summary>Divides the time of a whole command into training and what must still be done after it.</summary>
internal static class TrainingBudget
{
    /// <summary>Saving the model and ending.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(0.7);

    /// <summary>Images of 32 x 32 pixels that one processor decodes and scores in a second, on the careful side.</summary>
    private const double ScoredPerSecond = 400;

    /// <summary>The measuring at the end never gets more than this share.</summary>
    private const double LargestShare = 0.03;

    /// <summary>Time that may go to the trainer.</summary>
    /// <param name="whole">Time for the whole command.</param>
    /// <param name="spent">Of that, what is gone.</param>
    /// <param name="validationImages">Images to be measured after training.</param>
    /// <param name="imageSize">Their side, if it is known.</param>
    public static TimeSpan ForTrainer(TimeSpan whole, TimeSpan spent, int validationImages, int? imageSize)
    {
        var pixels = Math.Pow((imageSize ?? 32) / 32.0, 2);
        var measuring = TimeSpan.FromSeconds(validationImages * pixels / ScoredPerSecond / Environment.ProcessorCount);
        var reserve = Ending + (measuring < whole * LargestShare ? measuring : whole * LargestShare);
        var left = whole - spent - reserve;
        return left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
    }
}
