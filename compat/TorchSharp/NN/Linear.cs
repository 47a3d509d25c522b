namespace TorchSharp.Modules
{
    /// <summary>x Wᵀ + b. Its parameters stay out of the dispose scopes.</summary>
    public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        [ComponentName(nameof(weight))] private Parameter? _weight;
        [ComponentName(nameof(bias))] private Parameter? _bias;

        internal Linear(long inputSize, long outputSize, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
            weight = Uniform([outputSize, inputSize], bound, device, dtype);
            if (hasBias) bias = Uniform([outputSize], bound, device, dtype);
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public Parameter? bias
        {
            get => _bias;
            set
            {
                _bias?.Dispose();
                value?.DetachFromDisposeScope();
                _bias = value;
                Place(nameof(bias), value);
            }
        }

        public Parameter weight
        {
            get => _weight!;
            set
            {
                ArgumentNullException.ThrowIfNull(value, nameof(weight));
                if (ReferenceEquals(value, _weight)) return;
                _weight?.Dispose();
                value.DetachFromDisposeScope();
                _weight = value;
                Place(nameof(weight), value);
            }
        }

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, weight, _bias);

        protected override void Dispose(bool disposing)
        {
            if (!disposing) return;
            _weight?.Dispose();
            _bias?.Dispose();
        }

        private static Parameter Uniform(long[] size, double bound, torch.Device? device, torch.ScalarType? dtype)
        {
            var parameter = new Parameter(torch.empty(size, dtype, device));
            using (torch.no_grad()) parameter.uniform_(-bound, bound);
            return parameter;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
