using System.IO.Enumeration;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// The one rule by which optimisers treat parameters. A parameter of fewer than two dimensions is never decayed: it is a bias, a scale or a
/// norm. All others are decayed, and are matrices for Muon. A model names its exceptions, by simple patterns of names in the weights file
/// ("*" stands for anything).
/// </summary>
internal static class ParameterKinds
{
    /// <summary>Every parameter below <paramref name="root"/>: its name in the weights file, the tensor, and its kind.</summary>
    /// <param name="root">The model.</param>
    /// <param name="notMatrices">Decayed, but no matrices inside the network: its first and last layers, depth-wise convolutions.</param>
    /// <param name="notDecayed">Tables, scales and biases that have two dimensions or more.</param>
    internal static IEnumerable<(string Name, Parameter Tensor, ParameterKind Kind)> Of(Module root, IReadOnlyList<string> notMatrices, IReadOnlyList<string> notDecayed) =>
        root.named_parameters().Select(entry => (entry.name, entry.parameter,
            entry.parameter.dim() < 2 || Matches(entry.name, notDecayed) ? ParameterKind.Other
            : Matches(entry.name, notMatrices) ? ParameterKind.Kernel
            : ParameterKind.Matrix));

    private static bool Matches(string name, IReadOnlyList<string> patterns) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}

/// <summary>How an optimiser should treat a parameter.</summary>
internal enum ParameterKind
{
    /// <summary>A matrix inside the network, [out, in]; a stack of them, [S, out, in], each slice a matrix of its own;
    /// or a convolution [out, in, 3, 3] that reads as [out, in·9]. Muon may orthogonalise it; AdamW decays it.</summary>
    Matrix,

    /// <summary>A kernel that is no hidden matrix: the first convolution, a depth-wise convolution, the class head. AdamW with decay.</summary>
    Kernel,

    /// <summary>Biases, norms and position tables. AdamW without decay.</summary>
    Other
}
