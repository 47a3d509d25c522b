using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using MLExt.Serve.Http;

namespace MLExt.Serve;

/// <summary>
/// The one thread that uses models: what is asked of it is done in order, so that no model is disposed of while another request uses it, and
/// torch has one set of worker threads and not one a request.
/// </summary>
internal sealed class ModelThread : IDisposable
{
    private const int MostWaiting = 256;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    public ModelThread()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "Models" };
        _thread.Start();
    }

    /// <summary>Does something on the thread.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="cancel">Leaves it undone if it has not begun.</param>
    /// <exception cref="ProblemException">Too much is waiting.</exception>
    public Task<T> Run<T>(Func<T> work, CancellationToken cancel)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_work.Count >= MostWaiting || !TryAdd(Do))
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, $"{MostWaiting} requests are waiting already; try again later.");
        }

        return result.Task;

        void Do()
        {
            if (cancel.IsCancellationRequested)
            {
                result.SetCanceled(cancel);
                return;
            }

            try
            {
                result.SetResult(work());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        }
    }

    /// <summary>Disposes of something after all that was asked for before; at once where the thread has ended.</summary>
    public void Dispose(IDisposable model)
    {
        if (!TryAdd(model.Dispose))
        {
            model.Dispose();
        }
    }

    /// <summary>Does what is waiting, and ends.</summary>
    public void Dispose()
    {
        if (!_work.IsAddingCompleted)
        {
            _work.CompleteAdding();
            _thread.Join();
            _work.Dispose();
        }
    }

    private bool TryAdd(Action work)
    {
        try
        {
            return _work.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
