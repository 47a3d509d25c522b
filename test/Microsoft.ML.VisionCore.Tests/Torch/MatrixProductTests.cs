using System.Runtime.Intrinsics;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public sealed class MatrixProductTests
{
    [TestMethod]
    [DataRow(1, 1, 1, 8)]
    [DataRow(3, 7, 5, 16)]
    [DataRow(2, 16, 24, 24)]
    [DataRow(5, 41, 3, 40)]
    [DataRow(2, 2055, 9, 64)]
    [DataRow(12, 512, 16, 64)]
    public void ItAndItsGradientsAreThoseOfFloat64(int groups, int rows, int inner, int outputs)
    {
        using var scope = NewDisposeScope();
        foreach (var (one, other) in Results(float32, MatrixProduct.OfVectors).Zip(Results(float64, (a, b) => a.bmm(b))))
        {
            TensorAssert.AreClose(other, one, 1e-6 * Math.Sqrt(rows), "product");
        }

        Tensor[] Results(ScalarType type, Func<Tensor, Tensor, Tensor> product)
        {
            Tensor[] leaves = [.. new[] { Numbers(1, groups, rows, inner), Numbers(2, groups, inner, outputs) }.Select(numbers => numbers.to(type).detach().requires_grad_())];
            var result = product(leaves[0], leaves[1]);
            return [result, .. autograd.grad([result.mul(Numbers(3, result.shape).to(type)).sum()], leaves)];
        }
    }

    [TestMethod]
    public void HoweverItsFactorsLieInMemoryItIsTheSame()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Numbers(1, 4, 10, 6), Numbers(2, 4, 6, 16));
        var expected = MatrixProduct.OfVectors(a, b);
        foreach (var one in Layouts(a))
        {
            foreach (var other in Layouts(b))
            {
                TensorAssert.AreClose(expected, MatrixProduct.OfVectors(one, other), 0, "product");
            }
        }

        var shared = MatrixProduct.OfVectors(a[1].unsqueeze(0).expand(4, -1, -1), b[2].unsqueeze(0).expand(4, -1, -1));
        TensorAssert.AreClose(a[1].mm(b[2]).unsqueeze(0).expand(4, -1, -1), shared, 1e-6, "expanded");
        foreach (var axis in new[] { 1, 2 })
        {
            var (one, other) = (a.narrow(axis, 0, 1).expand_as(a), b.narrow(axis, 0, 1).expand_as(b));
            TensorAssert.AreClose(one.bmm(other), MatrixProduct.OfVectors(one, other), 1e-6, $"expanded along {axis}");
        }

        // Every order of the dimensions, and a part of something larger.
        static IEnumerable<Tensor> Layouts(Tensor x)
        {
            foreach (var order in new long[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
            {
                var back = Array.ConvertAll((long[])[0, 1, 2], at => (long)Array.IndexOf(order, at));
                yield return x.permute(order).contiguous().permute(back);
            }

            var larger = zeros([x.shape[0] + 2, x.shape[1] + 3, x.shape[2] + 5], float32);
            var part = larger.narrow(0, 1, x.shape[0]).narrow(1, 2, x.shape[1]).narrow(2, 3, x.shape[2]);
            _ = part.copy_(x);
            yield return part;
        }
    }

    // Such a sum hands on gradients that are one number, expanded.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void GradientsThatAreExpandedAreThoseOfFloat64(int summed)
    {
        using var scope = NewDisposeScope();
        foreach (var (one, other) in Results(float32).Zip(Results(float64)))
        {
            TensorAssert.AreClose(other, one, 1e-5, "gradient");
        }

        Tensor[] Results(ScalarType type)
        {
            Tensor[] leaves = [.. new[] { Numbers(1, 64, 64, 32), Numbers(2, 64, 32, 32) }.Select(numbers => numbers.to(type).detach().requires_grad_())];
            return [.. autograd.grad([MatrixProduct.Of(leaves[0], leaves[1]).sum([summed]).Square().sum()], leaves)];
        }
    }

    [TestMethod]
    public void ItIsTakenWhereItIsFaster()
    {
        using var scope = NewDisposeScope();
        var here = !TorchBackends.HasOneDnn && Vector256.IsHardwareAccelerated;
        Assert.AreEqual(here, IsFaster(64, 64, 32, 32));
        Assert.IsFalse(IsFaster(63, 64, 32, 32), "Few sums.");
        Assert.IsFalse(IsFaster(64, 64, 32, 33), "No whole vectors.");
        Assert.IsFalse(IsFaster(6400, 7, 32, 32), "No whole tile.");
        Assert.IsFalse(MatrixProduct.IsFaster(zeros([64, 64, 32], float64), zeros([64, 32, 32], float64)), "No floats.");
        foreach (var other in new long[][] { [64, 31, 32], [1, 32, 32], [32, 32, 32] })
        {
            Assert.Contains("The tensor 'b' needs the shape [64, 32, ...]", Assert.ThrowsExactly<ArgumentException>(() => MatrixProduct.Of(zeros([64, 64, 32]), zeros(other))).Message);
        }

        static bool IsFaster(long groups, long rows, long inner, long outputs) => MatrixProduct.IsFaster(zeros([groups, rows, inner], float32), zeros([groups, inner, outputs], float32));
    }

    [TestMethod]
    public void TheBitsDoNotDependOnTheThreads()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Numbers(1, 3, 2100, 17), Numbers(2, 3, 17, 24));
        var expected = MatrixProduct.OfVectors(a, b);
        var threads = get_num_threads();
        try
        {
            set_num_threads(threads == 1 ? 3 : 1);
            TensorAssert.AreClose(expected, MatrixProduct.OfVectors(a, b), 0, "product");
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [TestMethod]
    public void ItLeavesNoTensors()
    {
        using var a = Numbers(1, 3, 21, 5).requires_grad_();
        using var b = Numbers(2, 3, 8, 5).requires_grad_();
        TensorLedger.LeavesNothing(() =>
        {
            using var scope = NewDisposeScope();
            _ = autograd.grad([MatrixProduct.OfVectors(a, b.transpose(1, 2)).sum()], [a, b]);
        }, times: 3);
    }

    private static Tensor Numbers(long seed, params long[] shape) => rand(shape, float32, generator: new Generator((ulong)seed)).Mul(2).Sub(1);
}
