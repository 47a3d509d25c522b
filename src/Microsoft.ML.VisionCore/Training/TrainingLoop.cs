using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The only training loop: it knows nothing about images, models or losses.</summary>
internal sealed class TrainingLoop<TBatch>
    where TBatch : class, IDisposable
{
    private readonly ITrainable<TBatch> _trainable;
    private readonly IBatchSource<TBatch> _source;
    private readonly TrainingSettings _settings;
    private readonly IChannel _channel;

    public TrainingLoop(ITrainable<TBatch> trainable, IBatchSource<TBatch> source, TrainingSettings settings, IChannel channel)
    {
        _trainable = trainable;
        _source = source;
        _settings = settings;
        _channel = channel;
    }

    /// <summary>Trains, and leaves the best weights in the trainable.</summary>
    /// <exception cref="InvalidOperationException">The loss was not finite and no weights had been validated; or the checkpoint belongs to another run.</exception>
    public TrainingResult Run() => throw new InvalidOperationException();
}
