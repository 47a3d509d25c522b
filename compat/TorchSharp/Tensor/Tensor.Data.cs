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
            if (device_type == DeviceType.CPU) return *(T*)Address;
            using var here = cpu();
            return *(T*)here.Address;
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

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            Movable(nameof(WriteBytesToStream));
            var left = NumberOfElements * ElementSize;
            for (var at = (byte*)Address; left > 0;)
            {
                var part = (int)Math.Min(left, bufferSize);
                stream.Write(new ReadOnlySpan<byte>(at, part));
                at += part;
                left -= part;
            }

            GC.KeepAlive(this);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            Movable(nameof(ReadBytesFromStream));
            var left = NumberOfElements * ElementSize;
            for (var at = (byte*)Address; left > 0;)
            {
                var part = (int)Math.Min(left, bufferSize);
                stream.ReadExactly(new Span<byte>(at, part));
                at += part;
                left -= part;
            }

            GC.KeepAlive(this);
        }

        public T ReadCpuValue<T>(long i) where T : unmanaged => Utils.TensorAccessor<T>.ReadItemAt(this, i);

        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);

        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);

        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);

        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);

        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);

        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public Scalar ToScalar()
        {
            Number value;
            Call.Done((int)Kept(Native.item(Handle, &value)));
            return new Scalar(value);
        }

        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();

        public static explicit operator sbyte(Tensor value) => value.ToSByte();

        public static explicit operator byte(Tensor value) => value.ToByte();

        public static explicit operator short(Tensor value) => value.ToInt16();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator bool(Tensor value) => value.ToBoolean();

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

        private void Movable(string what)
        {
            if (!is_contiguous()) throw new InvalidOperationException($"{what} needs a contiguous tensor.");
            if (device_type != DeviceType.CPU) throw new InvalidOperationException($"{what} needs a tensor in the processor's memory, this one is on {device}.");
        }
    }
}
