using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Tensor alias() => Call.One(&Native.alias, this);

        public Tensor clone() => Call.One(&Native.clone, this);

        public Tensor contiguous() => Call.One(&Native.contiguous, this);

        public Tensor detach() => Call.One(&Native.detach, this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Here(Native.copy_(Handle, source.Handle, nonBlocking ? 1 : 0), source);

        public Tensor cpu() => To(new Options(null, CPU), false, false, false);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(type, null), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDeviceType(deviceType);
            return To(new Options(null, new Device(deviceType, deviceIndex)), copy, disposeAfter, non_blocking);
        }

        public Tensor to(ScalarType type, torch.Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(type, InitializeDevice(device)), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(torch.Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(device.type, device.index, copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        // ---- gradients ---------------------------------------------------------------------------------------------

        public bool requires_grad
        {
            get => Kept(Native.requires_grad(Handle)) != 0;
            set => Here(Native.set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor? grad
        {
            get
            {
                var gradient = Native.grad(Handle);
                GC.KeepAlive(this);
                return gradient == IntPtr.Zero ? null : new Tensor(gradient);
            }
            set
            {
                Here(Native.set_grad(Handle, value is null ? IntPtr.Zero : value.Handle), value);
            }
        }

        public void backward() => autograd.backward([this]);

        private Tensor To(Options options, bool copy, bool disposeAfter, bool nonBlocking)
        {
            var moved = Made(Native.to(Handle, options, nonBlocking ? 1 : 0, copy ? 1 : 0));
            if (disposeAfter) Dispose();
            return moved;
        }
    }
}
