using System.Runtime.InteropServices;
using Google.Protobuf;
using static TorchSharp.torch;
using DataType = Microsoft.ML.VisionCore.Onnx.TensorProto.Types.DataType;
using Type = Microsoft.ML.VisionCore.Onnx.AttributeProto.Types.AttributeType;

namespace Microsoft.ML.VisionCore.Onnx;

/// <summary>A graph while it is built: operators in the order in which they are added, and their constants.</summary>
/// <param name="name">What the graph is called.</param>
internal sealed class OnnxGraph(string name)
{
    /// <summary>The version of the standard operators.</summary>
    internal const int OperatorSet = 17;

    // The version of the file format that came with it.
    private const int FileFormat = 8;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly Dictionary<(string Dimensions, DataType Type, ByteString Bytes), OnnxValue> _constants = [];

    /// <summary>Declares an input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="documentation">What it is.</param>
    /// <param name="shape">Its shape after the first axis, which is any number of rows.</param>
    public OnnxValue Input(string input, DataType type, string documentation, params long[] shape)
    {
        _graph.Input.Add(Describe(input, type, documentation, shape));
        return new OnnxValue(this, input);
    }

    /// <summary>Gives a value a name and makes it an output.</summary>
    /// <param name="value">Real numbers.</param>
    /// <param name="output">The name.</param>
    /// <param name="documentation">What it is.</param>
    /// <param name="shape">Its shape after the first axis, which is any number of rows.</param>
    public void Output(OnnxValue value, string output, string documentation, params long[] shape)
    {
        var node = new NodeProto { Name = output, OpType = "Identity" };
        node.Input.Add(value.Name);
        node.Output.Add(output);
        _graph.Node.Add(node);
        _graph.Output.Add(Describe(output, DataType.Float, documentation, shape));
    }

    /// <summary>Adds an operator.</summary>
    public OnnxValue Node(string type, OnnxValue[] inputs, params AttributeProto[] attributes)
    {
        var output = $"{type}_{_graph.Node.Count}";
        var node = new NodeProto { Name = output, OpType = type };
        node.Input.Add(inputs.Select(input => input.Name));
        node.Output.Add(output);
        node.Attribute.Add(attributes);
        _graph.Node.Add(node);
        return new OnnxValue(this, output);
    }

    /// <summary>A constant with the values and the shape of a tensor.</summary>
    public OnnxValue Constant(Tensor values)
    {
        using var scope = NewDisposeScope();
        var plain = values.detach().to(float32).cpu().contiguous();
        return Constant(plain.shape, DataType.Float, plain.data<float>().ToArray());
    }

    /// <summary>A constant number.</summary>
    public OnnxValue Scalar(double value) => Constant([], DataType.Float, [(float)value]);

    /// <summary>A constant row of whole numbers.</summary>
    public OnnxValue Integers(long[] values) => Constant([values.Length], DataType.Int64, values);

    /// <summary>A constant whole number.</summary>
    public OnnxValue Integer(long value) => Constant([], DataType.Int64, [value]);

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = Type.Int, I = value };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = Type.Float, F = value };

    public static AttributeProto Attribute(string name, string value) => new() { Name = name, Type = Type.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Attribute(string name, long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = Type.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    /// <summary>The finished file.</summary>
    /// <param name="metadata">What it says about itself.</param>
    public ModelProto ToModel(IEnumerable<(string Key, string Value)> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = FileFormat,
            ProducerName = "MLExtensions",
            ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = _graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        model.MetadataProps.Add(metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return model;
    }

    // Equal ones are one constant: there are many scalars and shapes, and a network that sees several views has its weights once.
    private OnnxValue Constant<T>(long[] dimensions, DataType type, T[] values)
        where T : unmanaged
    {
        var key = (string.Join(',', dimensions), type, Bytes(values));
        if (!_constants.TryGetValue(key, out var value))
        {
            var tensor = new TensorProto { Name = $"constant_{_graph.Initializer.Count}", DataType = (int)type, RawData = key.Item3 };
            tensor.Dims.Add(dimensions);
            _graph.Initializer.Add(tensor);
            _constants.Add(key, value = new OnnxValue(this, tensor.Name));
        }

        return value;
    }

    private static ByteString Bytes<T>(T[] values)
        where T : unmanaged => UnsafeByteOperations.UnsafeWrap(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static ValueInfoProto Describe(string name, DataType type, string documentation, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        dimensions.Dim.Add(shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto
        {
            Name = name,
            DocString = documentation,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
