using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>Muon: momentum whose direction is orthogonalised, for matrices only.</summary>
/// <remarks>
/// m = μm + (1 - μ)g; u = (1 - μ)g + μm; step = rate · √max(1, rows / columns) · orthogonalise(u). Convolution kernels count as
/// [out, in · h · w]; stacks of matrices [H, rows, columns] are orthogonalised head by head with factor 1. Matrices of one shape
/// share their momentum tensor and are orthogonalised in one batched product.
/// </remarks>
internal sealed class MuonOptimizer : IOptimizer
{
    private readonly List<Group> _groups = [];
    private readonly OptimizerSettings _settings;

    public MuonOptimizer(IEnumerable<TrainableParameter> matrices, OptimizerSettings settings)
    {
        _settings = settings;
        foreach (var alike in matrices.GroupBy(p => MatrixShape.Of(p.Value.shape)))
        {
            TrainableParameter[] members = [.. alike];
            var momentum = zeros([members.Length * alike.Key.Count, alike.Key.Rows, alike.Key.Columns],
                dtype: members[0].Value.dtype, device: members[0].Value.device);
            _groups.Add(new Group(alike.Key, members, momentum.DetachFromDisposeScope()));
        }
    }

    public void Step(double learningRateScale)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var rate = _settings.MatrixLearningRate * learningRateScale;
        foreach (var group in _groups)
        {
            var gradients = group.Gradients();
            if (gradients is null)
            {
                continue;
            }

            var mu = _settings.MatrixMomentum;
            group.Momentum.Mul_(mu).Add_(gradients, alpha: 1 - mu);
            var direction = gradients.Mul_(1 - mu).Add_(group.Momentum, alpha: mu);
            group.Move(NewtonSchulz.Orthogonalize(direction), rate * group.Shape.Factor, 1 - (rate * _settings.MatrixWeightDecay));
        }
    }

    public IEnumerable<(string Name, Tensor Value)> Save() => _groups.Select(group => ($"muon.momentum.{group.Members[0].Name}", group.Momentum));

    public void Load(IReadOnlyDictionary<string, Tensor> saved)
    {
        using var detached = no_grad();
        foreach (var group in _groups)
        {
            SavedTensors.CopyTo(saved, $"muon.momentum.{group.Members[0].Name}", group.Momentum);
        }
    }

    public void Dispose()
    {
        foreach (var group in _groups)
        {
            group.Momentum.Dispose();
        }
    }

    /// <summary>How a parameter is seen: <paramref name="Count"/> matrices of [Rows, Columns].</summary>
    private readonly record struct MatrixShape(long Count, long Rows, long Columns, double Factor)
    {
        public static MatrixShape Of(long[] shape) => shape switch
        {
            [var heads, var rows, var columns] => new(heads, rows, columns, 1),
            [var rows, .. var rest] when rest.Length > 0 => Single(rows, rest.Aggregate(1L, (product, size) => product * size)),
            _ => throw new ArgumentException($"A parameter of shape [{string.Join(", ", shape)}] is not a matrix.", nameof(shape)),
        };

        private static MatrixShape Single(long rows, long columns) => new(1, rows, columns, Math.Sqrt(Math.Max(1, rows / (double)columns)));
    }

    private sealed record Group(MatrixShape Shape, TrainableParameter[] Members, Tensor Momentum)
    {
        /// <summary>A copy of all gradients as [G, rows, columns]; null where the loss reaches none of the members.</summary>
        public Tensor? Gradients()
        {
            var gradients = new Tensor[Members.Length];
            var found = 0;
            for (var i = 0; i < Members.Length; i++)
            {
                var gradient = Members[i].Value.grad;
                found += gradient is null ? 0 : 1;
                gradients[i] = (gradient ?? zeros_like(Members[i].Value)).reshape(Shape.Count, Shape.Rows, Shape.Columns);
            }

            return found == 0 ? null : cat(gradients, 0);
        }

        public void Move(Tensor directions, double rate, double keep)
        {
            for (var i = 0; i < Members.Length; i++)
            {
                var parameter = Members[i].Value;
                if (keep != 1)
                {
                    parameter.Mul_(keep);
                }

                parameter.Add_(directions.narrow(0, i * Shape.Count, Shape.Count).reshape(parameter.shape), alpha: -rate);
            }
        }
    }
}

/// <summary>The nearest semi-orthogonal matrix, roughly: pushes all singular values towards 1.</summary>
internal static class NewtonSchulz
{
    /// <summary>A stack of matrices, [G, rows, columns] to the same shape.</summary>
    /// <remarks>
    /// The quintic x -> ax + bx^3 + cx^5 of Jordan et al. (Muon, 2024), applied to the singular values. Its coefficients were chosen
    /// for a steep rise at 0, not for convergence: five steps bring singular values from about 0.01 up into [0.7, 1.2].
    /// </remarks>
    public static Tensor Orthogonalize(Tensor matrices, int steps = 5)
    {
        const float a = 3.4445f, b = -4.7750f, c = 2.0315f;
        using var scope = NewDisposeScope();
        var wide = matrices.size(1) <= matrices.size(2);
        var x = wide ? matrices : matrices.transpose(1, 2);
        x = x.div(x.mul(x).sum(1, 2, keepdim: true).sqrt().Add(1e-7));
        for (var step = 0; step < steps; step++)
        {
            var gram = x.bmm(x.transpose(1, 2));                       // [G, n, n], n the shorter side
            var polynomial = gram.bmm(gram).Mul_(c).Add_(gram, b);
            x = polynomial.bmm(x).Add_(x, a);
        }

        return (wide ? x : x.transpose(1, 2).contiguous()).MoveToOuterDisposeScope();
    }
}
