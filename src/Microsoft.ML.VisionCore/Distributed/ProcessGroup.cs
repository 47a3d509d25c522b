namespace Microsoft.ML;

/// <summary>
/// The processes that train one model together, each with its own copy of the data and of the weights. All of them run the same program: what one of them does with the group, all do, in
/// the same order. A trainer whose options have a group divides every batch among its processes; the model is then that of one process with the whole batch, up to the order of sums.
/// </summary>
public abstract class ProcessGroup
{
    private int _localSteps = 1;

    /// <summary>The number of this process, from 0. The process 0 alone writes files and reports.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of processes, 1 or more.</summary>
    public abstract int Size { get; }

    /// <summary>The processors that this process may use without taking any from others of the group on the same machine, 1 or more: for <c>torch.set_num_threads</c>, which a program calls once.</summary>
    public abstract int Processors { get; }

    /// <summary>
    /// The steps that a process makes with its own part of the batches before the weights of all are averaged, 1 or more. The default value is 1: gradients are summed at every step. More
    /// save communication where the network is slow, and give another model (local SGD, arXiv 1805.09767).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 1.</exception>
    public int LocalSteps
    {
        get => _localSteps;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(LocalSteps));
            _localSteps = value;
        }
    }

    /// <summary>Sums numbers over all processes (an all-reduce): each process gives as many, and gets the sums in their place, the same to the last bit.</summary>
    /// <param name="values">What this process gives, and gets.</param>
    /// <exception cref="InvalidOperationException">Another process of the group failed, or did not come.</exception>
    public abstract void Sum(Span<float> values);

    /// <summary>Sums numbers over all processes, as <see cref="Sum(Span{float})"/> does.</summary>
    /// <param name="values">What this process gives, and gets.</param>
    /// <exception cref="InvalidOperationException">Another process of the group failed, or did not come.</exception>
    public abstract void Sum(Span<double> values);

    /// <summary>Gives all processes what the process 0 has.</summary>
    /// <param name="bytes">What the process 0 gives, and the others get; as many in all.</param>
    /// <exception cref="InvalidOperationException">Another process of the group failed, or did not come.</exception>
    public abstract void Broadcast(Span<byte> bytes);
}
