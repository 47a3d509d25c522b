using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        public IntPtr Handle { get; private set; }

        public torch.Device device { get; private set; }

        public Generator(ulong seed = 0, torch.Device? device = null)
        {
            this.device = device ?? CPU;
            Handle = Native.generator_new(seed, (int)this.device.type, this.device.index);
            if (Handle == IntPtr.Zero) throw Call.Failure();
        }

        private Generator(IntPtr handle)
        {
            Handle = handle;
            device = CPU;
        }

        public static Generator Default => new(Native.generator_default());

        protected virtual void Dispose(bool disposing)
        {
            var handle = Handle;
            Handle = IntPtr.Zero;
            if (handle != IntPtr.Zero) Native.generator_dispose(handle);
        }

        ~Generator() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }
    }
}
