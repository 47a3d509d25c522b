using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Microsoft.ML.Distributed;

/// <summary>
/// The processes that MPI's launcher started, <c>mpirun -n 4 ...</c> for instance: MPICH, Open MPI, MS-MPI and their relatives. A process that no launcher started is a group of its own,
/// and no MPI library is needed or loaded.
/// </summary>
/// <remarks>
/// A program that ends without an error calls <see cref="Complete"/> before its end in every process. A process that ends without it, by an exception for instance, makes the launcher
/// end all others.
/// </remarks>
public sealed unsafe class MpiProcessGroup : ProcessGroup
{
    /// <summary>What processes wait for each other where nothing else is said: 10 minutes.</summary>
    public static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromMinutes(10);

    // How long is waited with a whole processor, how long with what others leave of it, and then only looking once in a while.
    private static readonly TimeSpan Spinning = TimeSpan.FromMilliseconds(0.05), Yielding = TimeSpan.FromMilliseconds(200), Looking = TimeSpan.FromSeconds(1);

    // For the answers of those who are alive, and for what those who are not sent before.
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(2);

    private const int AskTag = 1, HereTag = 2, NameLength = 120;

    // A message has an int for its length.
    private const int MostAtOnce = 1 << 28;

    private readonly MpiLibrary? _mpi;
    private readonly Action? _end;
    private readonly TimeSpan _limit;
    private readonly string[] _names;

    // Why the group can no longer meet.
    private string? _failure;

    // The process of each rank that is seen on this machine; 0 for others.
    private readonly int[] _seen = [];

    private MpiProcessGroup(MpiLibrary? mpi, int rank, int size, TimeSpan limit, Action? end)
    {
        (_mpi, Rank, Size, _limit, _end, Processors) = (mpi, rank, size, limit, end, Environment.ProcessorCount);
        var own = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}");
        _names = [own];
        if (mpi is null)
        {
            return;
        }

        // Those that may run on the same processors share them: what a launcher bound a process to is in what the machine says is allowed.
        var place = (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{Environment.MachineName}\n{AllowedProcessors}"));
        var text = Encoding.UTF8.GetBytes(own);
        var bytes = new byte[sizeof(long) + sizeof(int) + NameLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, place);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(long)), Environment.ProcessId);
        text.AsSpan(0, Math.Min(text.Length, NameLength)).CopyTo(bytes.AsSpan(sizeof(long) + sizeof(int)));
        var all = new byte[size * bytes.Length];
        fixed (byte* from = bytes, to = all)
        {
            Wait(mpi.Gather(from, bytes.Length, to), "the start");
        }

        _names = [.. Enumerable.Range(0, size).Select(other => Encoding.UTF8.GetString(all, (other * bytes.Length) + sizeof(long) + sizeof(int), NameLength).TrimEnd('\0'))];
        _seen = [.. Enumerable.Range(0, size).Select(other => BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan((other * bytes.Length) + sizeof(long))))
            .Select((process, other) => other != rank && _names[other].StartsWith($"{Environment.MachineName}, ", StringComparison.Ordinal) && IsAlive(process) ? process : 0)];
        var sharing = Enumerable.Range(0, size).Count(other => BinaryPrimitives.ReadInt64LittleEndian(all.AsSpan(other * bytes.Length)) == place);
        Processors = Math.Max(1, Environment.ProcessorCount / sharing);
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Size { get; }

    /// <inheritdoc/>
    public override int Processors { get; }

    /// <summary>Whether a launcher started this process as one of a group.</summary>
    public static bool IsLaunched => MpiLauncher.Rank is not null;

    /// <summary>The MPI library, and every process by its rank: for a report. Empty where no launcher started this process.</summary>
    public IReadOnlyList<string> Description => _mpi is null ? [] : [_mpi.Version, .. _names.Select((name, rank) => string.Create(CultureInfo.InvariantCulture, $"rank {rank} of {Size}: {name}"))];

    /// <summary>Joins the group that the launcher started, once in a process.</summary>
    /// <param name="timeLimit">How long a process waits for the others at most, above 0; null means <see cref="DefaultTimeLimit"/>. Whoever takes longer between two meetings is taken to hang.</param>
    /// <param name="cancel">Ends the wait for the others to start.</param>
    /// <returns>The group; a group of this process alone where no launcher started it.</returns>
    /// <exception cref="DllNotFoundException">A launcher started this process, and the MPI library is not there.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeLimit"/> is 0 or less.</exception>
    /// <exception cref="InvalidOperationException">MPI does not start, or another process did not come.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> came first.</exception>
    public static MpiProcessGroup Join(TimeSpan? timeLimit = null, CancellationToken cancel = default)
    {
        var limit = timeLimit ?? DefaultTimeLimit;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeLimit));
        if (!IsLaunched)
        {
            return new MpiProcessGroup(null, 0, 1, limit, null);
        }

        var mpi = MpiLibrary.Load();
        var (started, isOver) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());

        // The thread that starts MPI must end it too (MPI 3.1, 12.4.2), and it is not the caller's, for within MPI nothing ends the wait for one that ended before it came here.
        var thread = Task.Factory.StartNew(
            () =>
            {
                mpi.Start();
                started.SetResult();
                isOver.Task.Wait();
                mpi.End();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Task.WhenAny(started.Task, thread).Unwrap().WaitAsync(limit, cancel).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Rank {MpiLauncher.Rank} waited {limit.TotalSeconds} s for all processes to start, and one did not: it ended before, or hangs."));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException($"Rank {MpiLauncher.Rank} was told to stop while it waited for all processes to start.", cancel);
        }

        var (rank, size) = mpi.World();
        return new MpiProcessGroup(mpi, rank, size, limit, End);

        void End()
        {
            isOver.SetResult();
            thread.GetAwaiter().GetResult();
        }
    }

    /// <summary>Ends this process's part in the group, when the others have come to their end too. Nothing can be done with the group afterwards.</summary>
    /// <exception cref="InvalidOperationException">Another process failed.</exception>
    public void Complete()
    {
        if (_mpi is not null)
        {
            // The process 0 may write and measure for long while the others have nothing left to do.
            Wait(_mpi.Barrier(), "the end", Timeout.InfiniteTimeSpan);
            _end!();
        }
    }

    /// <inheritdoc/>
    public override void Sum(Span<float> values) => Sum(values, (first, count) => _mpi!.Sum(first, count));

    /// <inheritdoc/>
    public override void Sum(Span<double> values) => Sum(values, (first, count) => _mpi!.Sum(first, count));

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes) => InParts(bytes, "what rank 0 gives", (first, count) => _mpi!.Broadcast(first, count));

    // A number for each process at least, or Open MPI sends it round all of them.
    private void Sum<T>(Span<T> values, Begin<T> begin)
        where T : unmanaged
    {
        if (values.Length >= Size)
        {
            InParts(values, "a sum", begin);
            return;
        }

        Span<T> all = new T[Size];
        values.CopyTo(all);
        InParts(all, "a sum", begin);
        all[..values.Length].CopyTo(values);
    }

    private void InParts<T>(Span<T> values, string what, Begin<T> begin)
        where T : unmanaged
    {
        ThrowIfFailed();
        for (var start = 0; Size > 1 && start < values.Length; start += MostAtOnce)
        {
            var part = values.Slice(start, Math.Min(MostAtOnce, values.Length - start));
            fixed (T* first = part)
            {
                Wait(begin(first, part.Length), what);
            }
        }
    }

    private delegate nint Begin<T>(T* first, int count)
        where T : unmanaged;

    // On the way back through a graph more is asked of the group after it has failed.
    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new InvalidOperationException(_failure);
        }
    }

    // The processors that this process may run on, as Linux writes them.
    private static string AllowedProcessors
    {
        get
        {
            const string status = "/proc/self/status", key = "Cpus_allowed_list:";
            return File.Exists(status) && File.ReadLines(status).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line ? line[key.Length..].Trim() : "";
        }
    }

    private void Wait(nint request, string what, TimeSpan? limit = null)
    {
        try
        {
            WaitFor(request, what, limit ?? _limit);
        }
        catch (InvalidOperationException e)
        {
            _failure = e.Message;
            throw;
        }
    }

    private void WaitFor(nint request, string what, TimeSpan most)
    {
        var start = Stopwatch.GetTimestamp();
        var (looked, ended) = (TimeSpan.Zero, ((int Rank, TimeSpan Since)?)null);
        while (!_mpi!.Test(ref request))
        {
            var waited = Stopwatch.GetElapsedTime(start);
            if (waited < Spinning)
            {
                continue;
            }

            if (waited < Yielding)
            {
                Thread.Yield();
                continue;
            }

            if (ended is { } one && waited - one.Since > Answering)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"Rank {one.Rank} ({_names[one.Rank]}) has ended while rank {Rank} waits for {what}: killed, or failed with an error of its own."));
            }

            if (waited - looked > Looking)
            {
                // What it has sent before it ended may still come.
                looked = waited;
                ended ??= Array.FindIndex(_seen, process => process != 0 && !IsAlive(process)) is var gone and >= 0 ? (gone, waited) : null;
            }

            AnswerThoseWhoAsk();
            if (most != Timeout.InfiniteTimeSpan && waited > most)
            {
                throw Missing(what, most);
            }

            Pause();
        }
    }

#pragma warning disable RS0030 // MPI has nothing that could be waited on: it goes on where it is looked at.
    private static void Pause() => Thread.Sleep(1);
#pragma warning restore RS0030

    private static bool IsAlive(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // PID (NAME) STATE ...; what has ended stays as a zombie until its launcher looks.
                var said = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
                return said[said.LastIndexOf(')') + 2] is not ('Z' or 'X');
            }

            using var other = Process.GetProcessById(process);
            return !other.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return false;
        }
    }

    // Whoever waits says that he is here.
    private void AnswerThoseWhoAsk()
    {
        for (var other = 0; other < Size; other++)
        {
            if (other != Rank && _mpi!.HasCome(other, AskTag))
            {
                byte none = 0;
                Finish(_mpi.Receive(&none, 1, other, AskTag), Answering);
                Finish(_mpi.Send(&none, 1, other, HereTag), Answering);
            }
        }
    }

    private InvalidOperationException Missing(string what, TimeSpan limit)
    {
        var isHere = new bool[Size];
        isHere[Rank] = true;
        var words = new byte[Size];
        fixed (byte* word = words)
        {
            for (var other = 0; other < Size; other++)
            {
                if (other != Rank)
                {
                    _mpi!.Send(word + other, 1, other, AskTag);
                }
            }

            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Answering && Array.Exists(isHere, here => !here); Pause())
            {
                AnswerThoseWhoAsk();
                for (var other = 0; other < Size; other++)
                {
                    if (!isHere[other] && _mpi!.HasCome(other, HereTag))
                    {
                        byte none;
                        isHere[other] = Finish(_mpi.Receive(&none, 1, other, HereTag), Answering);
                    }
                }
            }
        }

        string[] absent = [.. Enumerable.Range(0, Size).Where(other => !isHere[other]).Select(other => string.Create(CultureInfo.InvariantCulture, $"rank {other} ({_names[other]})"))];
        return new InvalidOperationException(absent.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Rank {Rank} waited {limit.TotalSeconds:0.###} s for {what}. All other processes wait too: they do not all do the same with the group.")
            : string.Create(CultureInfo.InvariantCulture, $"Rank {Rank} waited {limit.TotalSeconds:0.###} s for {what}, and {string.Join(" and ", absent)} did not come: killed, hanging, or slower than the time limit allows."));
    }

    private bool Finish(nint request, TimeSpan limit)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < limit; Thread.Yield())
        {
            if (_mpi!.Test(ref request))
            {
                return true;
            }
        }

        return false;
    }
}
