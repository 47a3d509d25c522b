namespace MLExtensions.Benchmarks.Pairs;

/// <summary>The same work done twice.</summary>
/// <param name="Name">The row of the table.</param>
/// <param name="Ours">What "side" is given for ours.</param>
/// <param name="Theirs">What it is given for theirs.</param>
/// <param name="InPyTorch">Whether theirs runs in PyTorch; otherwise in TorchSharp, on the libtorch that ours runs on.</param>
/// <param name="Limit">What ours / theirs should be at most.</param>
internal sealed record Pair(string Name, string[] Ours, string[] Theirs, bool InPyTorch, double Limit)
{
    private static readonly int[] Lengths = [64, 256, 1_024, 4_096];

    /// <summary>All rows.</summary>
    internal static IReadOnlyList<Pair> All { get; } =
    [
        .. Lengths.Select(tokens => new Pair($"MTTT-MLP layer, {tokens} tokens, against nested autograd", Layer("ttt-mlp", tokens), Layer("ttt-mlp-nested", tokens), false, 0.5)),
        .. Lengths.Select(tokens => new Pair($"MTTT-MLP layer, {tokens} tokens, against the closed form", Layer("ttt-mlp", tokens), Layer("ttt-mlp-closed", tokens), false, 1)),
        .. Lengths.Select(tokens => new Pair($"MTTT-MLP layer, {tokens} tokens, against PyTorch's nested autograd", Layer("ttt-mlp", tokens), Layer("ttt-mlp", tokens), true, 0.5)),
        .. new[] { "none", "softmax", "linear", "ttt-linear", "ttt-mlp" }.Select(mixer => new Pair($"training step, {mixer}", ["step", mixer], ["step", mixer], true, 0.9)),
        new Pair("training step, ttt-mlp, against PyTorch's closed form", ["step", "ttt-mlp"], ["step", "ttt-mlp-closed"], true, 0.9),
    ];

    private static string[] Layer(string mixer, int tokens) => ["layer", mixer, $"{tokens}"];
}
