using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>A function with gradients of our own, whose faults on the way back are kept as <see cref="BackwardFaults"/>.</summary>
/// <typeparam name="T">The function itself.</typeparam>
internal abstract class GuardedFunction<T> : autograd.SingleTensorFunction<T>
    where T : GuardedFunction<T>, new()
{
    public override string Name => typeof(T).Name;

    public sealed override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        BackwardFaults.Keep(ctx, vars);
        return Result(ctx, vars);
    }

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using (grad_output)
        {
            return BackwardFaults.Guard(ctx, () => Gradients(ctx, grad_output));
        }
    }

    /// <summary>The way there; <paramref name="inputs"/> are what it was applied to.</summary>
    protected abstract Tensor Result(autograd.AutogradContext context, object[] inputs);

    /// <summary>The way back: the gradient by each input, null for what has none. The gradient by the result is disposed of afterwards.</summary>
    protected abstract List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient);
}
