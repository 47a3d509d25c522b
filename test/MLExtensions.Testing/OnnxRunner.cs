using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.VisionCore.Onnx;

namespace MLExtensions.Testing;

/// <summary>Runs ONNX graphs with ONNX Runtime, directly and through ML.NET's own transform.</summary>
public sealed class OnnxRunner : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _models;

    /// <summary>Exports a model and runs it on images, both ways; they must agree.</summary>
    /// <param name="model">The model.</param>
    /// <param name="planes">The images as the models here see them, [N, C, S, S].</param>
    /// <param name="colours">C.</param>
    /// <param name="side">S.</param>
    /// <param name="isTransductive">Whether rows depend on each other: ML.NET gives the graph one row at a time, and is left out then.</param>
    /// <returns>[N, Y].</returns>
    public float[][] RunImages(ITransformer model, byte[] planes, int colours, int side, bool isTransductive = false) =>
        Run(model, "image", Interleave(planes, colours, side * side), [side, side, colours], isTransductive);

    /// <summary>Exports a model and runs it on feature vectors, both ways; they must agree.</summary>
    /// <returns>[N, Y].</returns>
    public float[][] RunFeatures(ITransformer model, float[][] features) =>
        Run(model, "features", features.SelectMany(row => row).ToArray(), [features[0].Length], isTransductive: false);

    /// <summary>Runs a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="input">The name of its input.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="shape">The shape of the numbers.</param>
    /// <returns>The rows of the output "probabilities".</returns>
    public static float[][] Run<T>(string file, string input, T[] values, int[] shape)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(file, options);
        CollectionAssert.AreEqual(new[] { input }, session.InputMetadata.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { OnnxClassifier.ProbabilityOutput }, session.OutputMetadata.Keys.ToArray());
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<T>(values, shape))]);
        var probabilities = results.Single().AsTensor<float>();
        Assert.AreEqual(shape[0], probabilities.Dimensions[0]);
        return [.. probabilities.ToArray().Chunk(probabilities.Dimensions[1])];
    }

    /// <summary>Exports a model that rejects and runs it on images or feature vectors.</summary>
    /// <returns>Its probabilities, and its known scores.</returns>
    public (float[][] Probabilities, float[] Known) RunRejecting(ITransformer model, byte[]? planes, int colours, int side, float[]? features = null)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(Export(model), options);
        CollectionAssert.AreEqual(new[] { OnnxClassifier.ProbabilityOutput, OnnxClassifier.KnownOutput }, session.OutputMetadata.Keys.ToArray());
        using var results = session.Run(
        [
            planes is null
                ? NamedOnnxValue.CreateFromTensor(OnnxClassifier.FeatureInput, new DenseTensor<float>(features, [features!.Length / side, side]))
                : Images(planes, colours, side),
        ]);
        var (probabilities, known) = (results[0].AsTensor<float>(), results[1].AsTensor<float>());
        CollectionAssert.AreEqual(new[] { probabilities.Dimensions[0], 1 }, known.Dimensions.ToArray());
        return ([.. probabilities.ToArray().Chunk(probabilities.Dimensions[1])], known.ToArray());
    }

    /// <summary>Planes as the input of a graph.</summary>
    public static NamedOnnxValue Images(byte[] planes, int colours, int side) => NamedOnnxValue.CreateFromTensor(OnnxClassifier.ImageInput,
        new DenseTensor<byte>(Interleave(planes, colours, side * side), [planes.Length / (colours * side * side), side, side, colours]));

    /// <summary>Exports a model to a temporary file, and fails where the graph has constants that it does not use.</summary>
    public string Export(ITransformer model)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.ExportToOnnx(model, stream);
        var graph = ModelProto.Parser.ParseFrom(stream.ToArray()).Graph;
        var unused = graph.Initializer.Select(constant => constant.Name).Except(graph.Node.SelectMany(node => node.Input)).ToArray();
        Assert.IsEmpty(unused, $"The graph does not use its constants {string.Join(", ", unused)}.");
        var file = _folder[$"{_models++}.onnx"];
        File.WriteAllBytes(file, stream.ToArray());
        return file;
    }

    /// <summary>Fails where a probability differs by more than 1e-4, or the most probable class is another.</summary>
    public static void AreAlike(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual)
    {
        ScoreAssert.AreClose(expected, actual, 1e-4f);
        for (var row = 0; row < expected.Count; row++)
        {
            Assert.AreEqual(Largest(expected[row]), Largest(actual[row]), $"row {row}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private float[][] Run<T>(ITransformer model, string input, T[] values, int[] shape, bool isTransductive)
    {
        var file = Export(model);
        var length = shape.Aggregate((product, size) => product * size);
        var probabilities = Run(file, input, values, [values.Length / length, .. shape]);
        if (!isTransductive) AreAlike(probabilities, Apply(file, input, [.. values.Chunk(length)], shape));
        return probabilities;
    }

    // A pipeline of ML.NET with its own ApplyOnnxModel.
    private static float[][] Apply<T>(string file, string input, T[][] rows, int[] shape)
    {
        var context = new MLContext();
        var schema = SchemaDefinition.Create(typeof(Row<T>));
        schema[0].ColumnName = input;
        schema[0].ColumnType = new VectorDataViewType(typeof(T) == typeof(byte) ? NumberDataViewType.Byte : NumberDataViewType.Single, shape);
        var data = context.Data.LoadFromEnumerable(rows.Select(values => new Row<T> { Values = values }), schema);
        var pipeline = context.Transforms.ApplyOnnxModel(
            OnnxClassifier.ProbabilityOutput, input, file, shapeDictionary: new Dictionary<string, int[]> { [input] = [1, .. shape] });
        using var transformer = pipeline.Fit(data);
        return [.. transformer.Transform(data).GetColumn<float[]>(OnnxClassifier.ProbabilityOutput)];
    }

    // [N, C, S, S] -> [N, S, S, C]
    private static byte[] Interleave(byte[] planes, int colours, int area)
    {
        var pixels = new byte[planes.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (image, rest) = Math.DivRem(i, colours * area);
            var (pixel, colour) = Math.DivRem(rest, colours);
            pixels[i] = planes[(image * colours * area) + (colour * area) + pixel];
        }

        return pixels;
    }

    private static int Largest(float[] values) => Array.IndexOf(values, values.Max());

    private sealed class Row<T>
    {
        public T[] Values { get; set; } = [];
    }
}
