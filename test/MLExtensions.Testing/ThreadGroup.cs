using System.Numerics;
using Microsoft.ML;

namespace MLExtensions.Testing;

/// <summary>A group whose members are threads of this process.</summary>
public sealed class ThreadGroup : ProcessGroup
{
    private readonly Meeting _meeting;

    private ThreadGroup(int rank, Meeting meeting) => (Rank, _meeting) = (rank, meeting);

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Size => _meeting.Given.Length;

    /// <inheritdoc/>
    public override int Processors => 1;

    /// <summary>Runs the same in several threads, each with its place in the group.</summary>
    /// <param name="size">How many.</param>
    /// <param name="body">What each does. Where one throws, the others no longer wait for it.</param>
    /// <returns>What each came to, by rank.</returns>
    public static T[] Run<T>(int size, Func<ProcessGroup, T> body)
    {
        using var meeting = new Meeting(size);
        var results = new T[size];
        var errors = new Exception?[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = body(new ThreadGroup(rank, meeting));
            }
            catch (Exception e)
            {
                errors[rank] = e;
                meeting.Leave();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        // Others may have failed because one was missing.
        var error = errors.FirstOrDefault(one => one is not null and not OperationCanceledException) ?? errors.FirstOrDefault(one => one is not null);
        return error is null ? results : throw new AggregateException(error);
    }

    /// <inheritdoc/>
    public override void Sum(Span<float> values) => SumOf(values);

    /// <inheritdoc/>
    public override void Sum(Span<double> values) => SumOf(values);

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes) => ((byte[])_meeting.Exchange(Rank, bytes.ToArray())[0]).CopyTo(bytes);

    private void SumOf<T>(Span<T> values)
        where T : INumber<T>
    {
        var all = _meeting.Exchange(Rank, values.ToArray());
        values.Clear();
        foreach (T[] one in all)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] += one[i];
            }
        }
    }

    private sealed class Meeting(int size) : IDisposable
    {
        private readonly Barrier _barrier = new(size);
        private readonly CancellationTokenSource _left = new();

        public object[] Given { get; } = new object[size];

        public object[] Exchange(int rank, object value)
        {
            Given[rank] = value;
            _barrier.SignalAndWait(_left.Token);
            object[] all = [.. Given];
            _barrier.SignalAndWait(_left.Token);
            return all;
        }

        public void Leave() => _left.Cancel();

        public void Dispose()
        {
            _barrier.Dispose();
            _left.Dispose();
        }
    }
}
