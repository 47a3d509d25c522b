using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using static TorchSharp.torch;
using DataType = Microsoft.ML.VisionCore.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.VisionCore.Onnx;

/// <summary>What the graphs of all classifiers have in common: their input, their output and what they say about themselves.</summary>
internal static class OnnxClassifier
{
    internal const string ImageInput = "image", FeatureInput = "features", Embedding = "embedding", ProbabilityOutput = "probabilities", KnownOutput = "known_score";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The input of images, uint8 [N, S, S, C], in the units that the model works in, [N, C, S, S].</summary>
    public static OnnxValue Images(OnnxGraph graph, int side, ImageNormalization normalization)
    {
        var colours = normalization.Mean.Length;
        var order = colours == 3 ? "red, green, blue" : "grey";
        var pixels = graph.Input(ImageInput, DataType.Uint8, $"Images of {side} x {side} pixels, row by row, {order}.", side, side, colours);
        var mean = graph.Constant(tensor(normalization.Mean));
        var scale = graph.Constant(tensor(normalization.Deviation).reciprocal());
        return ((pixels.ToFloat() - mean) * scale).Permute(0, 3, 1, 2);
    }

    /// <summary>The input of feature vectors, float [N, F].</summary>
    public static OnnxValue Features(OnnxGraph graph, int length) => graph.Input(FeatureInput, DataType.Float, $"Vectors of {length} numbers.", length);

    /// <summary>The input of embeddings that another graph makes, float [N, F].</summary>
    public static OnnxValue Embeddings(OnnxGraph graph, int length) =>
        graph.Input(Embedding, DataType.Float, $"Embeddings of pictures, {length} numbers each, as the graph of the embedding gives them.", length);

    /// <summary>Makes embeddings [N, F] the output, and the graph a file.</summary>
    public static ModelProto Finish(OnnxGraph graph, OnnxValue embeddings, int length, string model, params (string Key, string Value)[] input)
    {
        graph.Output(embeddings, Embedding, $"The embeddings of the pictures, {length} numbers each.", length);
        return graph.ToModel([("model", model), .. input]);
    }

    /// <summary>Makes probabilities [N, Y] the output, and the graph a file.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="probabilities">The probabilities.</param>
    /// <param name="known">How sure it is that a row is of one of the classes, [N, 1], a further output; null where nothing is rejected.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="model">What the model is.</param>
    /// <param name="input">What else is to be known about the input.</param>
    public static ModelProto Finish(OnnxGraph graph, OnnxValue probabilities, OnnxValue? known, ClassLabels labels, string model, params (string Key, string Value)[] input)
    {
        graph.Output(probabilities, ProbabilityOutput, "The probability of every class, in the order of 'class_names'.", labels.Count);
        if (known is { } score)
        {
            graph.Output(score, KnownOutput, "How sure it is that a row is of one of the classes; below 0.5 it is taken for none of them.", 1);
        }

        var names = Enumerable.Range(0, labels.Count).Select(labels.NameOf);
        return graph.ToModel([("class_names", JsonSerializer.Serialize(names, Json)), ("model", model), .. input]);
    }

    /// <summary>What is to be known about the images of a model.</summary>
    public static (string Key, string Value)[] Describe(int side, int colours) =>
        [("image_size", $"{side}"), ("colours", $"{colours}"), ("resize", "stretch")];
}
