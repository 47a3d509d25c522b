using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>The parameters of a few-shot model, or of a part of one, with what is an exception from <see cref="ParameterKinds"/>'s rule.</summary>
internal static class FewShotParameters
{
    /// <summary>Decayed, and no matrices: the layers at both ends of backbone and generators, and MAML's start of the logits layer.</summary>
    private static readonly string[] NotMatrices = ["*blocks.0.weight", "*slices.output.weight", "*correction.output.weight", "weight"];

    /// <summary>Not decayed: tables of label codes and placeholders, and MAML's rates.</summary>
    private static readonly string[] NotDecayed = ["*placeholders", "*sample_codes", "rates"];

    /// <summary>Every parameter below <paramref name="root"/>: its name, the tensor, and its kind.</summary>
    internal static IEnumerable<(string Name, Parameter Tensor, ParameterKind Kind)> Of(Module root) => ParameterKinds.Of(root, NotMatrices, NotDecayed);
}
