namespace Microsoft.ML.TTT.Tests.Models.Reference;

/// <summary>A number and its derivative with respect to one chosen variable: arithmetic on it differentiates, with no formula to get wrong.</summary>
internal readonly record struct Dual(double Value, double Slope = 0)
{
    public static implicit operator Dual(double value) => new(value);

    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    public static Dual operator -(Dual a, Dual b) => new(a.Value - b.Value, a.Slope - b.Slope);

    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, a.Slope * b.Value + a.Value * b.Slope);

    public static Dual operator /(Dual a, Dual b) =>
        new(a.Value / b.Value, (a.Slope * b.Value - a.Value * b.Slope) / (b.Value * b.Value));

    public static Dual Sqrt(Dual a) => new(Math.Sqrt(a.Value), a.Slope / (2 * Math.Sqrt(a.Value)));

    public static Dual Tanh(Dual a)
    {
        double t = Math.Tanh(a.Value);
        return new Dual(t, a.Slope * (1 - t * t));
    }

    /// <summary>0.5 z (1 + tanh(sqrt(2/π)(z + 0.044715 z³))).</summary>
    public static Dual Gelu(Dual z) => 0.5 * z * (1 + Tanh(Math.Sqrt(2 / Math.PI) * (z + 0.044715 * (z * z * z))));
}
