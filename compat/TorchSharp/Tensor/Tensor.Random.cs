using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Random numbers, and tensors like this one.</content>
    public unsafe partial class Tensor
    {
        public Tensor uniform_(double from, double to, torch.Generator? generator = null) =>
            Drawn(Native.uniform_(Handle, from, to, Source(generator)), generator);

        public Tensor normal_(double mean = 0.0, double std = 1.0, torch.Generator? generator = null) =>
            Drawn(Native.normal_(Handle, mean, std, Source(generator)), generator);

        public Tensor bernoulli_(double p = 0.5, torch.Generator? generator = null) =>
            Drawn(Native.bernoulli_(Handle, p, Source(generator)), generator);

        public Tensor exponential_(double lambda = 1.0, torch.Generator? generator = null) =>
            Drawn(Native.exponential_(Handle, lambda, Source(generator)), generator);

        public Tensor random_(double from, double to, torch.Generator? generator = null) =>
            Drawn(Native.random_(Handle, (long)from, (long)to, Source(generator)), generator);

        public Tensor bernoulli(torch.Generator? generator = null)
        {
            var made = Made(Native.bernoulli(Handle, Source(generator)));
            GC.KeepAlive(generator);
            return made;
        }

        public Tensor multinomial(long num_samples, bool replacement = false, torch.Generator? generator = null)
        {
            var made = Made(Native.multinomial(Handle, num_samples, replacement ? 1 : 0, Source(generator)));
            GC.KeepAlive(generator);
            return made;
        }

        public Tensor zeros_like(ScalarType? dtype = null, torch.Device? device = null, bool requires_grad = false) =>
            Made(Native.zeros_like(Handle, Like(dtype, device, requires_grad)));

        public Tensor ones_like(ScalarType? dtype = null, torch.Device? device = null, bool requires_grad = false) =>
            Made(Native.ones_like(Handle, Like(dtype, device, requires_grad)));

        public Tensor empty_like(ScalarType? dtype = null, torch.Device? device = null, bool requires_grad = false) =>
            Made(Native.empty_like(Handle, Like(dtype, device, requires_grad)));

        public Tensor full_like(Scalar value, ScalarType? dtype = null, torch.Device? device = null, bool requires_grad = false) =>
            Made(Native.full_like(Handle, value.Value, Like(dtype, device, requires_grad)));

        public Tensor rand_like(ScalarType? dtype = null, torch.Device? device = null, bool requires_grad = false) =>
            Made(Native.rand_like(Handle, Like(dtype, device, requires_grad)));

        public Tensor randn_like(ScalarType? dtype = null, torch.Device? device = null, bool requires_grad = false) =>
            Made(Native.randn_like(Handle, Like(dtype, device, requires_grad)));

        internal static IntPtr Source(Generator? generator) => generator?.Handle ?? IntPtr.Zero;

        private static Options Like(ScalarType? dtype, Device? device, bool requiresGrad) => new(dtype, device, requiresGrad);

        private Tensor Drawn(int status, Generator? generator)
        {
            GC.KeepAlive(generator);
            return Here(status);
        }
    }
}
