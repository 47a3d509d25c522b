using MLExtensions.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLExtensions.Feed.Tests;

/// <summary>Who owns a tensor, and when it is released.</summary>
[TestClass]
public sealed class TorchScopeTests
{
    [TestMethod]
    public void AScopeReleasesWhatWasMadeInIt() => TensorLedger.Leaves(0, () =>
    {
        Tensor made;
        using (NewDisposeScope())
        {
            made = ones(3);
            Assert.IsFalse(made.IsInvalid);
        }

        Assert.IsTrue(made.IsInvalid);
    });

    [TestMethod]
    public void ATensorMovedOutSurvivesTheInnerScopeOnly() => TensorLedger.Leaves(0, () =>
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                kept = ones(3).MoveToOuterDisposeScope();
            }

            Assert.AreEqual(3, kept.NumberOfElements);
        }

        Assert.IsTrue(kept.IsInvalid);
    });

    [TestMethod]
    public void ADetachedTensorSurvivesEveryScope()
    {
        Tensor kept;
        using (NewDisposeScope()) kept = ones(3).DetachFromDisposeScope();
        Assert.IsFalse(kept.IsInvalid);
        kept.Dispose();
        Assert.IsTrue(kept.IsInvalid);
    }

    [TestMethod]
    public void MovingOutOfTheOutermostScopeDetaches() => TensorLedger.Leaves(1, () =>
    {
        using var scope = NewDisposeScope();
        ones(3).MoveToOuterDisposeScope();
    });

    [TestMethod]
    public void ATensorMovesToTheScopeOfAnother() => TensorLedger.Leaves(0, () =>
    {
        using var outer = NewDisposeScope();
        var neighbour = zeros(1);
        Tensor moved;
        using (NewDisposeScope()) moved = ones(1).MoveToOtherDisposeScope(neighbour);
        Assert.IsFalse(moved.IsInvalid);
        Assert.IsTrue(outer.Contains(moved));
        Assert.AreEqual(2, outer.DisposablesCount);
    });

    [TestMethod]
    public void AScopeLetsGoOfAllButWhatIsKept() => TensorLedger.Leaves(0, () =>
    {
        using var scope = NewDisposeScope();
        var (kept, lost) = (ones(1), ones(1));
        scope.DisposeEverythingBut(kept);
        Assert.IsFalse(kept.IsInvalid);
        Assert.IsTrue(lost.IsInvalid);
    });

    [TestMethod]
    public void ReleasingTwiceReleasesOnce() => TensorLedger.Leaves(0, () =>
    {
        var tensor = ones(3);
        tensor.Dispose();
        tensor.Dispose();
    });

    [TestMethod]
    public void AnAliasOutlivesItsOriginal()
    {
        using var original = ones(3);
        using var alias = original.alias();
        original.Dispose();
        Assert.AreEqual(3f, alias.sum().item<float>());
    }

    [TestMethod]
    public void ScopesBelongToTheirThread()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = ones(1));
        thread.Start();
        thread.Join();
        Assert.AreEqual(0, scope.DisposablesCount);
        elsewhere!.Dispose();
    }

    [TestMethod]
    public void AParameterTakesThePlaceOfItsTensorInTheScope()
    {
        TensorLedger.Leaves(0, () =>
        {
            Tensor source;
            Parameter parameter;
            using (NewDisposeScope())
            {
                source = ones(2);
                parameter = new Parameter(source);
                Assert.IsTrue(source.IsInvalid);
                Assert.IsTrue(parameter.requires_grad);
            }

            Assert.IsTrue(parameter.IsInvalid);
        });
    }
}
