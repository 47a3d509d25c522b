using TorchSharp.Modules;
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static unsafe double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                var parameters = tensors.ToArray();
                double norm;
                fixed (IntPtr* p = Call.Handles(parameters)) Call.Done(Native.clip_grad_norm(p, parameters.Length, max_norm, norm_type, &norm));
                GC.KeepAlive(parameters);
                return norm;
            }
        }
    }
}
