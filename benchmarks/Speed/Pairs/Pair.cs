namespace MLExtensions.Benchmarks.Pairs;

/// <summary>The same work done twice.</summary>
/// <param name="Name">The row of the table.</param>
/// <param name="Ours">What <see cref="OurSide"/> is given for ours.</param>
/// <param name="Theirs">What the other side is given.</param>
/// <param name="InPyTorch">Whether theirs runs in PyTorch; otherwise in .NET, with other code or another library.</param>
/// <param name="Limit">What ours / theirs should be at most.</param>
internal sealed record Pair(string Name, string[] Ours, string[] Theirs, bool InPyTorch, double Limit)
{
    /// <summary>Stands for a folder of drawn photographs.</summary>
    internal const string Photographs = "{photographs}";

    private static readonly int[] Lengths = [64, 256, 1_024, 4_096];
    private static readonly int[] Channels = [8, 64];

    /// <summary>All rows.</summary>
    internal static IReadOnlyList<Pair> All { get; } =
    [
        .. Lengths.Select(tokens => InDotNet($"MTTT-MLP layer, {tokens} tokens, against nested autograd", ["layer", "ttt-mlp", $"{tokens}"], ["layer", "ttt-mlp-nested", $"{tokens}"], 0.5)),
        .. Lengths.Select(tokens => InDotNet($"MTTT-MLP layer, {tokens} tokens, against the closed form", ["layer", "ttt-mlp", $"{tokens}"], ["layer", "ttt-mlp-closed", $"{tokens}"], 1)),
        .. Lengths.Select(tokens => PyTorch($"MTTT-MLP layer, {tokens} tokens, against PyTorch's nested autograd", 0.5, "layer", "ttt-mlp", $"{tokens}")),
        .. TransformerWork.Mixers.Keys.Select(mixer => PyTorch($"training step, {mixer}", 0.9, "step", mixer)),
        new Pair("training step, ttt-mlp, against PyTorch's closed form", ["step", "ttt-mlp"], ["step", "ttt-mlp-closed"], true, 0.9),
        PyTorch("training step, ResNet-18 fine-tuned, 16 pictures of 128 px", 0.9, "step", "fine-tuning"),
        PyTorch("training on a folder of JPEGs, 64 px, 3 epochs", 0.7, "train", Photographs),
        InDotNet("training on JPEGs that do not fit into memory, against those that do", ["train-on-disk", Photographs], ["train", Photographs], 1.2),
        PyTorch("scoring JPEGs through Transform, 64 px, an image", 0.7, "score", Photographs),
        InDotNet("scoring JPEGs through Transform, 64 px, an image, against the graph alone in ONNX Runtime", ["score", Photographs], ["score-onnx", Photographs], 3),
        InDotNet("scoring JPEGs on the backbone, an image, against the graph alone in ONNX Runtime", ["score-backbone", Photographs], ["score-backbone-onnx", Photographs], 1.6),
        PyTorch("one JPEG through a prediction engine, median", 0.9, "predict", Photographs, "0.5"),
        PyTorch("one JPEG through a prediction engine, 99th percentile", 0.9, "predict", Photographs, "0.99"),
        InDotNet("ResNet-18, 16 pictures of 224 px, against ONNX Runtime", ["backbone"], ["backbone-onnx"], 1),
        PyTorch("ResNet-18, 16 pictures of 224 px, against PyTorch", 0.9, "backbone"),
        InDotNet("scoring JPEGs on the backbone, an image, against DnnFeaturizeImage", ["score-backbone", Photographs], ["featurize", Photographs], 0.4),
        .. Channels.Select(channels => PyTorch($"meta-training step of 16 episodes, 20-way 1-shot, {channels} channels", 0.9, "episodes", $"{channels}")),
        .. Channels.Select(channels => PyTorch($"support set to classifier, 20-way 1-shot, {channels} channels", 0.8, "adapt", $"{channels}")),
        PyTorch("generated classifier of 8 channels, 64 images of 28 px", 0.7, "classify", "8"),
        InDotNet("generated classifier of 8 channels, 64 images of 28 px, against ONNX Runtime", ["classify", "8"], ["classify-onnx", "8"], 0.7),
    ];

    private static Pair PyTorch(string name, double limit, params string[] work) => new(name, work, work, true, limit);

    private static Pair InDotNet(string name, string[] ours, string[] theirs, double limit) => new(name, ours, theirs, false, limit);
}
