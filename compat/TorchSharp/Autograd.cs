using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => Native.grad_enabled() != 0;

    /// <summary>Sets whether this thread records operations, until disposed.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly int _former = Native.grad_enabled();

        public GradMode(bool enabled) => Native.set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.set_grad_enabled(_former);
    }

    public static partial class autograd
    {
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var from = Call.Handles(outputs.ToArray());
            var to = Call.Handles(inputs.ToArray());
            var seeds = grad_outputs is null ? [] : Call.Handles(grad_outputs.ToArray());
            var results = new IntPtr[to.Length];
            fixed (IntPtr* f = from, t = to, s = seeds, r = results)
            {
                Call.Done(Native.autograd_grad(
                    f, from.Length, t, to.Length, s, seeds.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return results.Select(handle => new Tensor(handle)).ToList();
        }

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var from = Call.Handles(tensors.ToArray());
            var seeds = grad_tensors is null ? [] : Call.Handles(grad_tensors.ToArray());
            var to = inputs is null ? [] : Call.Handles(inputs.ToArray());
            fixed (IntPtr* f = from, s = seeds, t = to)
            {
                Call.Done(Native.backward(
                    f, from.Length, s, seeds.Length, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, t, to.Length));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }
    }
}
