using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MLExt.Serve.Contract;

namespace MLExt.Serve.Trainings;

/// <summary>A training as server-sent events.</summary>
internal static class TrainingEvents
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Without news there is an event as often, so that clocks go on.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    /// <summary>Gives "progress" while the training runs, and "done" at its end.</summary>
    /// <param name="training">The training.</param>
    /// <param name="cancel">Ends the events.</param>
    public static async IAsyncEnumerable<SseItem<TrainingAnswer>> Follow(TrainingTask training, [EnumeratorCancellation] CancellationToken cancel)
    {
        object? shown = null;
        var silence = LongestSilence;
        while (training.Outcome is null)
        {
            var now = training.Journal.Now;
            if (!ReferenceEquals(now, shown) || silence >= LongestSilence)
            {
                (shown, silence) = (now, TimeSpan.Zero);
                yield return new SseItem<TrainingAnswer>(training.Describe(), "progress");
            }

            await Task.Delay(Interval, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancel.IsCancellationRequested)
            {
                yield break;
            }

            silence += Interval;
        }

        yield return new SseItem<TrainingAnswer>(training.Describe(), "done");
    }
}
