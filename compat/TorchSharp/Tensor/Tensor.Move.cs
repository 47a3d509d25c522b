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

        public Tensor detach_() => Call.OneHere(&Native.detach_, this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Here(Native.copy_(Handle, source.Handle, nonBlocking ? 1 : 0), source);

        public Tensor pin_memory() => Call.One(&Native.pin_memory, this);

        public Tensor cpu() => To(new Options(null, CPU), false, false, false);

        public Tensor cuda(Device? device = null, bool non_blocking = false)
        {
            var target = device is null ? new Device(DeviceType.CUDA) : device;
            return to(target, non_blocking: non_blocking);
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(type, null), copy, disposeAfter, non_blocking);

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDeviceType(deviceType);
            return To(new Options(null, new Device(deviceType, deviceIndex)), copy, disposeAfter, non_blocking);
        }

        public Tensor to(ScalarType type, torch.Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(new Options(type, InitializeDevice(device)), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(torch.Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(device.type, device.index, copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        public Tensor type(ScalarType dtype) => to_type(dtype);

        public Tensor @bool() => to_type(ScalarType.Bool);

        public Tensor @byte() => to_type(ScalarType.Byte);

        public Tensor @char() => to_type(ScalarType.Int8);

        public Tensor @short() => to_type(ScalarType.Int16);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor half() => to_type(ScalarType.Float16);

        public Tensor bfloat16() => to_type(ScalarType.BFloat16);

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor @double() => to_type(ScalarType.Float64);

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

        public void retain_grad() => Here(Native.retain_grad(Handle));

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

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        private Tensor To(Options options, bool copy, bool disposeAfter, bool nonBlocking)
        {
            var moved = Made(Native.to(Handle, options, nonBlocking ? 1 : 0, copy ? 1 : 0));
            if (disposeAfter) Dispose();
            return moved;
        }
    }
}
