using System.IO.Hashing;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// The processes of a training, as its tensors see them. The rule that makes many processes one: the losses of all add up to the loss of the whole batch, each process's being the mean over
/// its part times the part's share; then the sum of all gradients is the gradient of the whole batch, also through sums over all processes on the way (<see cref="Sum(Tensor)"/>).
/// </summary>
/// <param name="group">Null for this process alone.</param>
internal sealed class Team(ProcessGroup? group)
{
    /// <summary>This process and no other.</summary>
    internal static Team Alone { get; } = new(null);

    internal int Rank => group?.Rank ?? 0;

    internal int Size => group?.Size ?? 1;

    /// <summary>The steps between two averages of the weights; 1 means that gradients are summed.</summary>
    internal int LocalSteps => Size > 1 ? group!.LocalSteps : 1;

    internal bool IsAlone => Size == 1;

    /// <summary>Whether this process is the one that writes and reports.</summary>
    internal bool IsFirst => Rank == 0;

    /// <summary>Whether there are others with whom every step is made together.</summary>
    internal bool IsInStep => !IsAlone && LocalSteps == 1;

    /// <summary>This process's part of some things that lie in a row, as equal as can be.</summary>
    /// <param name="total">How many there are.</param>
    /// <param name="what">What they are, in the plural.</param>
    /// <exception cref="InvalidOperationException">There are fewer than processes.</exception>
    internal (int First, int Count) Part(int total, string what)
    {
        if (total < Size)
        {
            throw new InvalidOperationException($"A batch has {total} {what}, which {Size} processes cannot divide: each needs one at least. Use larger batches or fewer processes.");
        }

        var first = (int)((long)total * Rank / Size);
        return (first, (int)((long)total * (Rank + 1) / Size) - first);
    }

    /// <summary>Whether this process does one of many pieces of work that are dealt out in turn.</summary>
    internal bool Owns(int piece) => piece % Size == Rank;

    /// <summary>The sums of numbers over all processes.</summary>
    internal double[] Sum(params double[] values)
    {
        if (!IsAlone)
        {
            group!.Sum(values.AsSpan());
        }

        return values;
    }

    /// <summary>The same of many, in place.</summary>
    internal void Sum(Span<float> values) => group?.Sum(values);

    /// <summary>The sum of a tensor over all processes, for all of them, with its gradient: a floating point tensor of the same shape everywhere.</summary>
    internal Tensor Sum(Tensor tensor) => IsAlone ? tensor : GroupSum.apply([tensor, this]);

    /// <summary>All rows, of which this process has some: [n, ...] → [total, ...], with the gradient.</summary>
    /// <param name="own">The rows of <see cref="Part"/>.</param>
    /// <param name="first">The number of the first of them.</param>
    /// <param name="total">All rows.</param>
    internal Tensor Gather(Tensor own, long first, long total)
    {
        using var scope = NewDisposeScope();
        Tensor Nothing(long rows) => zeros([rows, .. own.shape[1..]], own.dtype, own.device);
        return Sum(cat([Nothing(first), own, Nothing(total - first - own.size(0))], 0)).MoveToOuterDisposeScope();
    }

    /// <summary>Batch normalisation with the statistics of all processes' batches, [B, C, S, S]; of one process it is torch's.</summary>
    internal Tensor Normalize(Tensor x, Tensor runningMean, Tensor runningVariance, Tensor weight, Tensor? bias, double momentum, double epsilon)
    {
        using var scope = NewDisposeScope();
        var count = Sum(x.numel() / x.size(1))[0];
        var mean = Sum(x.sum([0, 2, 3])).Div(count);                                              // [C]
        var centred = x.sub(mean.view(1, -1, 1, 1));
        var variance = Sum(centred.Square().sum([0, 2, 3])).Div(count);
        using (no_grad())
        {
            runningMean.Mul_(1 - momentum).Add_(mean, momentum);
            runningVariance.Mul_(1 - momentum).Add_(variance, momentum * count / Math.Max(1, count - 1));
        }

        var normal = centred.mul(variance.Add(epsilon).rsqrt().mul(weight).view(1, -1, 1, 1));
        return (bias is null ? normal : normal.Add(bias.view(1, -1, 1, 1))).MoveToOuterDisposeScope();
    }

    /// <summary>Sums the gradients of parameters over all processes. One that no process has stays away.</summary>
    internal void SumGradients(IReadOnlyList<TorchSharp.Modules.Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var length = parameters.Sum(parameter => parameter.numel());
        var all = zeros([length + parameters.Count], float32);                                    // all gradients, and who has which
        Each(parameters, all, (parameter, flat, number) =>
        {
            if (parameter.grad is { } gradient)
            {
                flat.copy_(gradient.reshape(-1));
                all.narrow(0, length + number, 1).Fill_(1);
            }
        });
        group!.Sum(DirectConvolution.Floats(all));
        var have = all.narrow(0, length, parameters.Count).data<float>().ToArray();
        Each(parameters, all, (parameter, flat, number) =>
        {
            if (have[number] > 0)
            {
                parameter.grad ??= zeros_like(parameter).DetachFromDisposeScope();
                parameter.grad.copy_(flat.view_as(parameter));
            }
        });
    }

    /// <summary>Puts the means over all processes in the place of floating point tensors.</summary>
    internal void Average(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        Tensor[] floating = [.. tensors.Where(one => one.is_floating_point())];
        var all = zeros([floating.Sum(one => one.numel())], float32);
        Each(floating, all, (one, flat, _) => flat.copy_(one.reshape(-1)));
        group!.Sum(DirectConvolution.Floats(all));
        all.Mul_(1.0 / Size);
        Each(floating, all, (one, flat, _) => one.copy_(flat.view_as(one)));
    }

    /// <summary>Gives all processes the tensors of the first.</summary>
    internal void Broadcast(IEnumerable<Tensor> tensors)
    {
        if (IsAlone)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var detached = no_grad();
        foreach (var one in tensors)
        {
            var here = one.detach().cpu().contiguous().clone();
            group!.Broadcast(here.bytes);
            one.copy_(here);
        }
    }

    /// <summary>Gives all processes what the first has.</summary>
    internal long Broadcast(long value)
    {
        group?.Broadcast(MemoryMarshal.AsBytes(new Span<long>(ref value)));
        return value;
    }

    /// <summary>The same of bytes, in place.</summary>
    internal void Broadcast(Span<byte> bytes) => group?.Broadcast(bytes);

    /// <summary>Makes sure that all processes begin the same training: otherwise they would soon wait for each other in vain, or get what does not fit.</summary>
    /// <param name="describe">What must be the same, with its name; as many everywhere. Not asked for by one process alone.</param>
    /// <exception cref="InvalidOperationException">Something is not.</exception>
    internal void CheckAgreement(Func<(string Name, string Value)[]> describe)
    {
        if (IsAlone)
        {
            return;
        }

        var what = describe();

        // 32 bits of a hash, for a double holds 53 and there may be many processes.
        var own = Array.ConvertAll(what, one => (double)(uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(one.Value.AsSpan())));
        var sums = Sum([.. own]);
        var others = Sum([.. own.Select((value, number) => sums[number] == value * Size ? 0.0 : 1)]);
        string[] differing = [.. what.Where((_, number) => others[number] > 0).Select(one => one.Value.Length < 40 ? $"{one.Name} ({one.Value} here)" : one.Name)];
        if (differing.Length > 0)
        {
            throw new InvalidOperationException($"Rank {Rank}: the processes of the group do not train the same. They differ in {string.Join(", ", differing)}. They must run the same program with the same data and options.");
        }
    }

    /// <summary>Makes sure that tensors are the same to the last bit in all processes.</summary>
    /// <exception cref="InvalidOperationException">They are not.</exception>
    internal void CheckEqual(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var hash = new XxHash3();
        foreach (var (_, value) in tensors)
        {
            hash.Append(value.detach().cpu().contiguous().bytes);
        }

        // Halves, for a double holds 53 bits. Where all have the same, each has its part of the sum; where not, somebody has not.
        var own = hash.GetCurrentHashAsUInt64();
        var (low, high) = ((double)(own & uint.MaxValue), (double)(own >> 32));
        var sums = Sum(low, high);
        var isSame = sums[0] == low * Size && sums[1] == high * Size;
        if (Sum(isSame ? 0 : 1)[0] > 0)
        {
            throw new InvalidOperationException("The processes of the group no longer have the same weights. They must run the same program with the same data and options, on processors of one kind.");
        }
    }

    // Tensors with their places in a flat one.
    private static void Each<T>(IReadOnlyList<T> tensors, Tensor flat, Action<T, Tensor, int> action)
        where T : Tensor
    {
        var start = 0L;
        for (var number = 0; number < tensors.Count; number++)
        {
            using var scope = NewDisposeScope();
            var length = tensors[number].numel();
            action(tensors[number], flat.narrow(0, start, length), number);
            start += length;
        }
    }

    // What each process gives to the sum gets the gradients of all that was made of it.
    private sealed class GroupSum : GuardedFunction<GroupSum>
    {
        private const string TeamKey = "team";

        protected override Tensor Result(autograd.AutogradContext context, object[] inputs)
        {
            var team = (Team)inputs[1];
            context.save_data(TeamKey, team);
            return team.SumOf((Tensor)inputs[0]);
        }

        protected override List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient) => [((Team)context.get_data(TeamKey)).SumOf(gradient), null!];
    }

    private Tensor SumOf(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var here = tensor.detach().cpu().contiguous().clone();
        if (here.dtype == ScalarType.Float64)
        {
            group!.Sum(MemoryMarshal.Cast<byte, double>(here.bytes));
        }
        else
        {
            group!.Sum(DirectConvolution.Floats(here));
        }

        return here.to(tensor.device).MoveToOuterDisposeScope();
    }
}

/// <summary>A layer that measures the batches of a training, which the processes of a team have each a part of.</summary>
internal interface IBatchStatistics
{
    /// <summary>Whose batches are measured together; this process's alone by default.</summary>
    Team Team { get; set; }

    /// <summary>Tells all layers of a model.</summary>
    static void Share(nn.Module model, Team team)
    {
        foreach (var layer in model.modules().OfType<IBatchStatistics>())
        {
            layer.Team = team.IsInStep ? team : Team.Alone;
        }
    }
}
