using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// A module of which a training keeps the input alone: what is computed in between is computed again on the way back (activation checkpointing, arXiv 1604.06174). Outputs
/// and gradients have the same bits as without, for a module that draws nothing at random.
/// </summary>
internal sealed class Recomputed : GuardedFunction<Recomputed>
{
    private const string Called = "module";

    /// <summary>The module at <paramref name="input"/>.</summary>
    /// <param name="module">What is computed; its parameters get their gradients.</param>
    /// <param name="input">Any tensor of floating-point numbers that the module takes.</param>
    internal static Tensor Call(Module<Tensor, Tensor> module, Tensor input) => apply([module, input, .. Trained(module)]);

    protected override Tensor Result(autograd.AutogradContext context, object[] inputs)
    {
        var (module, input) = ((Module<Tensor, Tensor>)inputs[0], (Tensor)inputs[1]);
        context.save_data(Called, module);
        context.save_for_backward([input]);
        return module.call(input);
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var module = (Module<Tensor, Tensor>)context.get_data(Called);
        var input = context.get_saved_variables()[0].detach().requires_grad_();
        var output = module.call(input);
        IList<Tensor> all = [];
        BackwardFaults.ThrowAfter(() => all = autograd.grad([output], [input, .. Trained(module)], [gradient], allow_unused: true));
        return [null!, .. all.Select(one => one.IsInvalid ? one : one.MoveToOuterDisposeScope())];
    }

    private static IEnumerable<Tensor> Trained(Module module) => module.parameters().Where(parameter => parameter.requires_grad);
}
