using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Onnx;

/// <summary>The weights of a module, by the names that they have in its file, as constants of a graph.</summary>
internal sealed class OnnxWeights
{
    private readonly OnnxGraph _graph;
    private readonly IReadOnlyDictionary<string, Tensor> _tensors;
    private readonly string _prefix;

    public OnnxWeights(OnnxGraph graph, Module module)
        : this(graph, ModuleWeights.Of(module).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal), "")
    {
    }

    private OnnxWeights(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> tensors, string prefix) => (_graph, _tensors, _prefix) = (graph, tensors, prefix);

    /// <summary>A weight as it is.</summary>
    public OnnxValue this[string name] => _graph.Constant(Tensor(name));

    /// <summary>The weights of a part.</summary>
    public OnnxWeights In(string part) => new(_graph, _tensors, $"{_prefix}{part}.");

    /// <summary>A constant made of weights.</summary>
    public OnnxValue Constant(Tensor values) => _graph.Constant(values);

    /// <summary>A weight as a tensor.</summary>
    public Tensor Tensor(string name) => _tensors[_prefix + name];

    /// <summary>A weight [..., in] as a matrix [out, in].</summary>
    public Tensor Rows(string name)
    {
        var weight = Tensor(name);
        return weight.reshape(-1, weight.size(-1));
    }

    /// <summary>A weight, if the module has it.</summary>
    public Tensor? Find(string name) => _tensors.GetValueOrDefault(_prefix + name);

    /// <summary>The affine map of the last axis that this part is.</summary>
    public OnnxValue Dense(OnnxValue x) => Dense(x, Tensor("weight"), Tensor("bias"));

    /// <summary>An affine map of the last axis, [..., in] → [..., out].</summary>
    /// <param name="x">What is mapped.</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out].</param>
    public OnnxValue Dense(OnnxValue x, Tensor weight, Tensor bias) => x.MatMul(_graph.Constant(weight.t())) + _graph.Constant(bias);
}
