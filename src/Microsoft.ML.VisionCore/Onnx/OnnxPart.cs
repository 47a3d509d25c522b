namespace Microsoft.ML;

/// <summary>What of a classifier an ONNX file has.</summary>
public enum OnnxPart
{
    /// <summary>All of it: pictures or feature vectors → probabilities.</summary>
    Whole,

    /// <summary>
    /// Of a few-shot classifier of photographs what is the same for all classifiers of its generator: pictures → "embedding", floats [N, F]. The pretrained network is
    /// in it.
    /// </summary>
    Embedding,

    /// <summary>What is its own: "embedding", floats [N, F], → probabilities. Some kilobytes.</summary>
    Head,
}
