using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new Utils.TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            ValidateType(typeof(T));
            using var copy = device_type == DeviceType.CPU ? null : cpu();
            var value = *(T*)(copy ?? this).Address;
            GC.KeepAlive(this);
            return value;
        }

        public Span<byte> bytes
        {
            get
            {
                var length = NumberOfElements * ElementSize;
                if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
                if (length > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                if (device_type != DeviceType.CPU) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                return new Span<byte>((void*)Address, (int)length);
            }
            set
            {
                if (!is_contiguous()) throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>((void*)Address, value.Length));
            }
        }

        /// <summary>Where the first element lies in this machine's memory (or the device's).</summary>
        internal IntPtr Address
        {
            get
            {
                var address = Native.data(Handle);
                return address != IntPtr.Zero || NumberOfElements == 0 ? address : throw Call.Failure();
            }
        }

        internal void ValidateType(Type dotnetType)
        {
            var matches = dtype switch
            {
                ScalarType.Byte => dotnetType == typeof(byte),
                ScalarType.Int8 => dotnetType == typeof(sbyte),
                ScalarType.Int16 => dotnetType == typeof(short),
                ScalarType.Int32 => dotnetType == typeof(int),
                ScalarType.Int64 => dotnetType == typeof(long),
                ScalarType.Bool => dotnetType == typeof(bool),
                ScalarType.Float16 => dotnetType == typeof(Half),
                ScalarType.Float32 => dotnetType == typeof(float),
                ScalarType.Float64 => dotnetType == typeof(double),
                _ => false,
            };
            if (!matches) throw new ArgumentException($"{dotnetType.Name} is not compatible with {dtype}");
        }
    }
}
