using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Enumerates on a thread of its own, a few items ahead of whoever takes them.</summary>
internal static class LookAhead
{
    /// <param name="source">Enumerated, and its enumerator disposed, on one background thread.</param>
    /// <param name="capacity">The items that may wait.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public static IEnumerable<T> Run<T>(IEnumerable<T> source, int capacity, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var waiting = new BlockingCollection<T>(capacity);
        var producer = Task.Factory.StartNew(() => Produce(source, waiting, stop.Token), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var item in waiting.GetConsumingEnumerable(cancellationToken))
            {
                yield return item;
            }

            if (producer.GetAwaiter().GetResult() is { } failure)
            {
                failure.Throw();
            }
        }
        finally
        {
            stop.Cancel();
            producer.Wait(CancellationToken.None);
        }
    }

    private static ExceptionDispatchInfo? Produce<T>(IEnumerable<T> source, BlockingCollection<T> waiting, CancellationToken stop)
    {
        try
        {
            foreach (var item in source)
            {
                waiting.Add(item, stop);
            }

            return null;
        }
        catch (Exception e)
        {
            return ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            waiting.CompleteAdding();
        }
    }
}
