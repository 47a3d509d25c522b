namespace Microsoft.ML.FewShot;

/// <summary>The generators of classifiers that come with the package.</summary>
public enum PretrainedGenerator
{
    /// <summary>Symbols and handwritten characters, dark strokes on a light ground: trained on the background set of Omniglot, from nothing.</summary>
    Symbols,

    /// <summary>
    /// Photographs: on the pretrained ResNet-18 of the package Microsoft.ML.DnnImageFeaturizer.ResNet18, which the app adds, with a correction of its last stage
    /// that was trained on CIFAR-FS's training classes and Caltech-101.
    /// </summary>
    Photographs,

    /// <summary>
    /// Vectors of any length that another model has made, such as an ONNX file's behind ApplyOnnxModel: nothing is trained, all that there is to choose is chosen
    /// by leaving out each sample of the support set.
    /// </summary>
    Embeddings,
}
