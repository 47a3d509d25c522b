using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Random numbers, and tensors like this one.</content>
    public unsafe partial class Tensor
    {
        public Tensor uniform_(double from, double to, torch.Generator? generator = null) =>
            Drawn(Native.uniform_(Handle, from, to, Source(generator)), generator);

        public Tensor zeros_like(ScalarType? dtype = null, torch.Device? device = null, bool requires_grad = false) =>
            Made(Native.zeros_like(Handle, Like(dtype, device, requires_grad)));

        internal static IntPtr Source(Generator? generator) => generator?.Handle ?? IntPtr.Zero;

        private static Options Like(ScalarType? dtype, Device? device, bool requiresGrad) => new(dtype, device, requiresGrad);

        private Tensor Drawn(int status, Generator? generator)
        {
            GC.KeepAlive(generator);
            return Here(status);
        }
    }
}
