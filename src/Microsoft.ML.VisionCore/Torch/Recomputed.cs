using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// A module of which a training keeps the input alone: what is computed in between is computed again on the way back (activation checkpointing, arXiv 1604.06174). Outputs
/// and gradients have the same bits as without, for a module that draws nothing at random.
/// </summary>
internal sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
{
    private const string Called = "module";

    public override string Name => nameof(Recomputed);

    /// <summary>The module at <paramref name="input"/>.</summary>
    /// <param name="module">What is computed; its parameters get their gradients.</param>
    /// <param name="input">Any tensor of floating-point numbers that the module takes.</param>
    internal static Tensor Call(Module<Tensor, Tensor> module, Tensor input) => apply([module, input, .. Trained(module)]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (module, input) = ((Module<Tensor, Tensor>)vars[0], (Tensor)vars[1]);
        BackwardFaults.Keep(ctx, vars);
        ctx.save_data(Called, module);
        ctx.save_for_backward([input]);
        return module.call(input);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardFaults.Guard(ctx, () => Gradients(ctx, grad_output));

    private static List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var module = (Module<Tensor, Tensor>)ctx.get_data(Called);
        var input = ctx.get_saved_variables()[0].detach().requires_grad_();
        var output = module.call(input);
        IList<Tensor> all = [];
        BackwardFaults.ThrowAfter(() => all = autograd.grad([output], [input, .. Trained(module)], [grad_output], allow_unused: true));
        grad_output.Dispose();
        return [null!, .. all.Select(gradient => gradient.IsInvalid ? gradient : gradient.MoveToOuterDisposeScope())];
    }

    private static IEnumerable<Tensor> Trained(Module module) => module.parameters().Where(parameter => parameter.requires_grad);
}
