using MLExtensions.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLExtensions.Feed.Tests;

/// <summary>What a module registers, moves and releases.</summary>
[TestClass]
public sealed class TorchModuleTests
{
    [TestMethod]
    public void FieldsNameParametersBuffersAndModules()
    {
        using var model = new Model();
        CollectionAssert.AreEqual(
            new[] { "gain", "first.weight", "first.bias", "layers.0.weight", "layers.1.weight" },
            model.named_parameters().Select(entry => entry.name).ToArray());
        CollectionAssert.AreEqual(new[] { "count" }, model.named_buffers().Select(entry => entry.name).ToArray());
        CollectionAssert.AreEqual(new[] { "first", "layers" }, model.named_children().Select(entry => entry.name).ToArray());
        CollectionAssert.AreEqual(
            new[] { "first", "layers", "layers.0", "layers.1" }, model.named_modules().Select(entry => entry.name).ToArray());
        CollectionAssert.AreEquivalent(
            new[] { "gain", "first.weight", "first.bias", "layers.0.weight", "layers.1.weight", "count" }, model.state_dict().Keys.ToArray());
    }

    [TestMethod]
    public void AModuleCanBeCalled()
    {
        using var model = new Model();
        using var x = ones(1, 2);
        TensorLedger.Leaves(1, () => model.call(x).shape.ToString());
    }

    [TestMethod]
    public void TrainingReachesEveryPart()
    {
        using var model = new Model();
        Assert.IsTrue(model.training);
        model.eval();
        Assert.IsTrue(model.named_modules().All(entry => !entry.module.training));
        model.train();
        Assert.IsTrue(model.named_modules().All(entry => entry.module.training));
    }

    [TestMethod]
    public void ConvertingReplacesFieldsAndKeepsGradients()
    {
        using var model = new Model();
        using (NewDisposeScope()) model.call(ones(1, 2)).sum().backward();
        model.to(ScalarType.Float64);
        using var scope = NewDisposeScope();
        Assert.AreEqual(ScalarType.Float64, model.Gain.dtype);
        Assert.IsTrue(model.Gain.requires_grad && model.Gain.is_leaf);
        Assert.AreEqual(ScalarType.Float64, model.Gain.grad!.dtype);
        Assert.IsTrue(model.parameters().All(parameter => parameter.dtype == ScalarType.Float64));
        Assert.IsTrue(model.named_parameters().First().parameter.Equals(model.Gain));
        Assert.AreEqual(ScalarType.Int64, model.Count.dtype);
    }

    [TestMethod]
    public void ReleasingAModuleReleasesItsParameters() => TensorLedger.Leaves(0, () => new Model().Dispose());

    [TestMethod]
    public void TheParametersOfALayerOutliveTheScopeItWasMadeIn()
    {
        Linear layer;
        using (NewDisposeScope()) layer = nn.Linear(3, 2);
        Assert.IsFalse(layer.weight.IsInvalid);
        Assert.IsTrue(layer.weight.abs().max().item<float>() <= 1 / Math.Sqrt(3));
        layer.Dispose();
    }

    [TestMethod]
    public void StatesAreCopiedByName()
    {
        using var scope = NewDisposeScope();
        using var source = new Model();
        using var target = new Model();
        target.load_state_dict(source.state_dict());
        Assert.IsTrue(target.state_dict().All(entry => entry.Value.Equals(source.state_dict()[entry.Key])));
        var incomplete = source.state_dict();
        incomplete.Remove("gain");
        Assert.ThrowsExactly<InvalidOperationException>(() => target.load_state_dict(incomplete));
    }

    [TestMethod]
    public void ANameIsTakenOnce()
    {
        using var scope = NewDisposeScope();
        using var model = new Model();
        Assert.ThrowsExactly<InvalidOperationException>(() => model.register_parameter("gain", nn.Parameter(ones(1))));
    }

    // The fields' names are the names in the weights file.
#pragma warning disable IDE1006
    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter gain;
        private readonly Tensor count;
        private readonly Linear first;
        private readonly ModuleList<Linear> layers;

        public Model()
            : base(nameof(Model))
        {
            gain = nn.Parameter(ones(2));
            count = zeros(1, ScalarType.Int64);
            first = nn.Linear(2, 2);
            layers = nn.ModuleList(nn.Linear(2, 2, hasBias: false), nn.Linear(2, 2, hasBias: false));
            RegisterComponents();
        }

        public Parameter Gain => gain;

        public Tensor Count => count;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = first.call(input) * gain;
            foreach (var layer in layers) x = layer.call(x);
            return x.MoveToOuterDisposeScope();
        }
    }
#pragma warning restore IDE1006
}
