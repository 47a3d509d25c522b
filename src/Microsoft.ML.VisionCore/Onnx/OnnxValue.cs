using TorchSharp;
using Type = Microsoft.ML.VisionCore.Onnx.AttributeProto.Types.AttributeType;

namespace Microsoft.ML.VisionCore.Onnx;

/// <summary>
/// A value of a graph: an input, a constant or what an operator made. Its members add operators, and are named as the tensor operations that
/// do the same are.
/// </summary>
/// <param name="Graph">The graph that it belongs to.</param>
/// <param name="Name">Its name there.</param>
internal readonly record struct OnnxValue(OnnxGraph Graph, string Name)
{
    public static OnnxValue operator +(OnnxValue left, OnnxValue right) => left.Node("Add", right);

    public static OnnxValue operator +(OnnxValue left, double right) => left + left.Graph.Scalar(right);

    public static OnnxValue operator -(OnnxValue left, OnnxValue right) => left.Node("Sub", right);

    public static OnnxValue operator *(OnnxValue left, OnnxValue right) => left.Node("Mul", right);

    public static OnnxValue operator *(OnnxValue left, double right) => left * left.Graph.Scalar(right);

    public static OnnxValue operator /(OnnxValue left, OnnxValue right) => left.Node("Div", right);

    /// <summary>A product of matrices on the last two axes; the axes before them are broadcast.</summary>
    public OnnxValue MatMul(OnnxValue right) => Node("MatMul", right);

    /// <summary>Another shape; 0 keeps an axis as it is, and -1 takes what is left.</summary>
    public OnnxValue Reshape(params long[] shape) => Node("Reshape", Graph.Integers(shape));

    /// <summary>Another order of the axes.</summary>
    public OnnxValue Permute(params long[] axes) => Graph.Node("Transpose", [this], OnnxGraph.Attribute("perm", axes));

    /// <summary>One slice of an axis, which goes away.</summary>
    public OnnxValue Select(long axis, long index) => Graph.Node("Gather", [this, Graph.Integer(index)], OnnxGraph.Attribute("axis", axis));

    /// <summary>Slices of an axis in any order.</summary>
    public OnnxValue IndexSelect(long axis, long[] indices) => Graph.Node("Gather", [this, Graph.Integers(indices)], OnnxGraph.Attribute("axis", axis));

    /// <summary>A part of an axis.</summary>
    public OnnxValue Narrow(long axis, long start, long length) =>
        Node("Slice", Graph.Integers([start]), Graph.Integers([start + length]), Graph.Integers([axis]));

    /// <summary>The same in opposite order on one axis.</summary>
    public OnnxValue Flip(long axis) =>
        Node("Slice", Graph.Integers([-1]), Graph.Integers([long.MinValue + 1]), Graph.Integers([axis]), Graph.Integers([-1]));

    /// <summary>The mean over one axis.</summary>
    public OnnxValue Mean(long axis, bool keepdim = false) => Mean([axis], keepdim);

    /// <summary>The mean over some axes.</summary>
    public OnnxValue Mean(long[] axes, bool keepdim = false) =>
        Graph.Node("ReduceMean", [this], OnnxGraph.Attribute("axes", axes), OnnxGraph.Attribute("keepdims", keepdim ? 1 : 0));

    /// <summary>The sum over one axis, which stays with length 1.</summary>
    public OnnxValue Sum(long axis) => Node("ReduceSum", Graph.Integers([axis]));

    /// <summary>The largest of one axis, which stays with length 1.</summary>
    public OnnxValue Max(long axis) => Graph.Node("ReduceMax", [this], OnnxGraph.Attribute("axes", [axis]));

    /// <summary>The least of one axis, which stays with length 1.</summary>
    public OnnxValue Min(long axis) => Graph.Node("ReduceMin", [this], OnnxGraph.Attribute("axes", [axis]));

    /// <summary>The Euclidean norm over one axis, which stays with length 1.</summary>
    public OnnxValue Norm(long axis) => Graph.Node("ReduceL2", [this], OnnxGraph.Attribute("axes", [axis]));

    public OnnxValue Softmax(long axis) => Graph.Node("Softmax", [this], OnnxGraph.Attribute("axis", axis));

    public OnnxValue Sqrt() => Node("Sqrt");

    public OnnxValue Abs() => Node("Abs");

    /// <summary>The larger one of x and a number.</summary>
    public OnnxValue ClampMin(double least) => Node("Max", Graph.Scalar(least));

    public OnnxValue Sigmoid() => Node("Sigmoid");

    public OnnxValue Relu() => Node("Relu");

    /// <summary>x, or exp(x) - 1 where x is negative.</summary>
    public OnnxValue Elu() => Node("Elu");

    /// <summary>The exact form of GELU.</summary>
    public OnnxValue Gelu() => this * (((this * (1 / Math.Sqrt(2))).Node("Erf") + 1) * 0.5);

    /// <summary>1 / sqrt(x).</summary>
    public OnnxValue Rsqrt() => Node("Sqrt").Node("Reciprocal");

    /// <summary>Layer normalisation over the last axis.</summary>
    public OnnxValue LayerNorm(OnnxValue weight, OnnxValue bias, double epsilon) =>
        Graph.Node("LayerNormalization", [this, weight, bias], OnnxGraph.Attribute("epsilon", (float)epsilon));

    /// <summary>Normalises the channels of [N, C, S, S] with running statistics.</summary>
    public OnnxValue BatchNorm(OnnxValue weight, OnnxValue bias, OnnxValue mean, OnnxValue variance, double epsilon) =>
        Graph.Node("BatchNormalization", [this, weight, bias, mean, variance], OnnxGraph.Attribute("epsilon", (float)epsilon));

    /// <summary>A convolution of [N, C, S, S].</summary>
    public OnnxValue Conv(OnnxValue kernels, OnnxValue? bias = null, long stride = 1, long padding = 0, long groups = 1) =>
        Graph.Node("Conv", bias is { } offset ? [this, kernels, offset] : [this, kernels],
            OnnxGraph.Attribute("strides", [stride, stride]), OnnxGraph.Attribute("pads", [padding, padding, padding, padding]), OnnxGraph.Attribute("group", groups));

    /// <summary>The mean of each square of 2x2.</summary>
    public OnnxValue MeanPool() => Graph.Node("AveragePool", [this], OnnxGraph.Attribute("kernel_shape", [2, 2]), OnnxGraph.Attribute("strides", [2, 2]));

    /// <summary>Images [N, C, S, S] in another size, by bilinear interpolation between the middles of pixels.</summary>
    public OnnxValue Resize(double scale) => Graph.Node("Resize", [this, new OnnxValue(Graph, ""), Graph.Constant(torch.tensor(new[] { 1, 1, (float)scale, (float)scale }))],
        OnnxGraph.Attribute("mode", "linear"), OnnxGraph.Attribute("coordinate_transformation_mode", "half_pixel"));

    /// <summary>The largest of each square of 2x2; of an odd side the last row and column are dropped.</summary>
    public OnnxValue MaxPool() => Graph.Node("MaxPool", [this], OnnxGraph.Attribute("kernel_shape", [2, 2]), OnnxGraph.Attribute("strides", [2, 2]));

    /// <summary>The largest of each square of another side, with a border.</summary>
    public OnnxValue MaxPool(long kernel, long stride, long padding) => Graph.Node("MaxPool", [this],
        OnnxGraph.Attribute("kernel_shape", [kernel, kernel]), OnnxGraph.Attribute("strides", [stride, stride]), OnnxGraph.Attribute("pads", [padding, padding, padding, padding]));

    /// <summary>[N, C, S, S] with a border of one zero.</summary>
    public OnnxValue Pad() => Node("Pad", Graph.Integers([0, 0, 1, 1, 0, 0, 1, 1]));

    /// <summary>Whole numbers as real ones.</summary>
    public OnnxValue ToFloat() => Graph.Node("Cast", [this],
        new AttributeProto { Name = "to", Type = Type.Int, I = (long)TensorProto.Types.DataType.Float });

    /// <summary>Values side by side on an axis.</summary>
    public static OnnxValue Cat(long axis, params OnnxValue[] values) => values[0].Graph.Node("Concat", values, OnnxGraph.Attribute("axis", axis));

    private OnnxValue Node(string type, params OnnxValue[] others) => Graph.Node(type, [this, .. others]);
}
