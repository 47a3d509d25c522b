using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch's. It belongs to the dispose scope in which it was made; the finalizer is the last resort.</summary>
    public unsafe partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        internal IntPtr handle;

        internal Tensor(IntPtr handle, bool register = true)
        {
            this.handle = handle;
            var total = Interlocked.Increment(ref _totalCount);
            if (total > _peakCount) _peakCount = total;
            if (register) OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public static long TotalCount => Interlocked.Read(ref _totalCount);

        public IntPtr Handle => handle != IntPtr.Zero ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => handle == IntPtr.Zero;

        ~Tensor() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var owned = Interlocked.Exchange(ref handle, IntPtr.Zero);
            if (owned == IntPtr.Zero) return;
            if (disposing)
            {
                DisposeScopeManager.ThreadSingleton.Disposing(this);
                OwningDisposeScope?.MarkAsDisposed(this);
            }

            Interlocked.Decrement(ref _totalCount);
            Native.dispose(owned);
        }

        /// <summary>Hands the native tensor to another object, as a parameter's constructor needs.</summary>
        internal IntPtr MoveHandle() => Interlocked.Exchange(ref handle, IntPtr.Zero);

        public torch.Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public torch.Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public torch.Tensor MoveToOtherDisposeScope(torch.Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public torch.Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner) owner.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both have the same shape and elements.</summary>
        public bool Equals(Tensor target)
        {
            var same = Native.same(Handle, target.Handle);
            GC.KeepAlive(this);
            GC.KeepAlive(target);
            return same >= 0 ? same != 0 : throw Call.Failure();
        }

        public override int GetHashCode() => base.GetHashCode();

        public override string ToString() => $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        // ---- what a tensor is --------------------------------------------------------------------------------------

        public long Dimensions => Kept(Native.ndim(Handle));

        public long ndim => Dimensions;

        public long NumberOfElements => Kept(Native.numel(Handle));

        public long numel() => NumberOfElements;

        public long ElementSize => Kept(Native.element_size(Handle));

        public ScalarType dtype => (ScalarType)Kept(Native.dtype(Handle));

        public DeviceType device_type => (DeviceType)Kept(Native.device_type(Handle));

        public int device_index => (int)Kept(Native.device_index(Handle));

        public torch.Device device => device_type == DeviceType.CPU ? CPU : new Device(device_type, device_index);

        public bool is_leaf => Kept(Native.is_leaf(Handle)) != 0;

        public bool is_contiguous() => Kept(Native.is_contiguous(Handle)) != 0;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* s = sizes) Call.Done((int)Kept(Native.sizes(Handle, s, sizes.Length)));
                return sizes;
            }
        }

        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* s = strides) Call.Done((int)Kept(Native.strides(Handle, s, strides.Length)));
            return strides;
        }

        /// <summary>Passes a value on once the native call that used this tensor's handle has returned.</summary>
        private long Kept(long value)
        {
            GC.KeepAlive(this);
            return value;
        }

        /// <summary>Wraps what a native call on this tensor made.</summary>
        private Tensor Made(IntPtr made)
        {
            GC.KeepAlive(this);
            return Call.Made(made);
        }

        private Tensor Made(IntPtr made, Tensor? other)
        {
            GC.KeepAlive(this);
            GC.KeepAlive(other);
            return Call.Made(made);
        }

        /// <summary>Returns this tensor after a native call that changed it.</summary>
        private Tensor Here(int status, Tensor? other = null, Tensor? third = null)
        {
            Call.Done(status);
            GC.KeepAlive(other);
            GC.KeepAlive(third);
            return this;
        }
    }
}
