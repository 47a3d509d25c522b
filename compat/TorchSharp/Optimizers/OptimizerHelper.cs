namespace TorchSharp.Modules;

/// <summary>What optimizers written in managed code share.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    public OptimizerHelper()
        : base(IntPtr.Zero)
    {
    }

    internal Dictionary<Parameter, OptimizerState> States { get; } = new(ReferenceEqualityComparer.Instance);

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in Groups)
        {
            dictionary.Options.Add(group.Options);
            var indices = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                indices.Add(dictionary.State.Count);
                dictionary.State.Add(States[parameter]);
            }

            dictionary.StateIndexRef.Add(indices);
        }

        return dictionary;
    }

    /// <summary>Computes the loss with gradients on, then changes the parameters with gradients off.</summary>
    private protected static torch.Tensor? Step(Action body, Func<torch.Tensor>? closure)
    {
        torch.Tensor? loss = null;
        if (closure is not null)
        {
            using var recording = torch.enable_grad();
            loss = closure();
        }

        using var still = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        body();
        return loss;
    }
}
