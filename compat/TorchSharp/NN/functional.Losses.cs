using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static unsafe partial class functional
        {
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                Kept(
                    Native.cross_entropy(input.Handle, target.Handle, Optional(weight), (long)reduction, ignore_index, label_smoothing),
                    input, target, weight);
        }
    }
}
