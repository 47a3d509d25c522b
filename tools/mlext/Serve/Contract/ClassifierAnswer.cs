namespace MLExt.Serve.Contract;

/// <summary>A generated classifier.</summary>
/// <param name="Id">What its address ends with.</param>
/// <param name="Classes">Its classes in the order of the scores, with the number of labelled images.</param>
/// <param name="Unlabelled">The number of unlabelled images.</param>
/// <param name="Milliseconds">From the image files to the classifier.</param>
/// <param name="Bytes">The size of classifier.zip.</param>
/// <param name="Generator">What generated it: a file's name, <c>symbols</c> or <c>photographs</c>.</param>
/// <param name="ImageSize">Side in pixels of the square that images are stretched to.</param>
/// <param name="Colours">1 where images are seen in grey, 3 where in colour.</param>
/// <param name="SharesEmbedding">Whether classifier.onnx has the parts "embedding", the same for all classifiers of the generator, and "head".</param>
internal sealed record ClassifierAnswer(
    string Id, IReadOnlyList<ClassCount> Classes, int Unlabelled, double Milliseconds, long Bytes, string Generator, int ImageSize, int Colours, bool SharesEmbedding);
