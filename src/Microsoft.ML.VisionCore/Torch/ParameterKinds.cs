using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Lists the parameters of a module tree with their kinds.</summary>
internal static class ParameterKinds
{
    /// <summary>Every parameter below <paramref name="root"/>: its name in the weights file, the tensor, and its kind.</summary>
    /// <exception cref="InvalidOperationException">A module owns parameters and does not say what kind they are.</exception>
    internal static IEnumerable<(string Name, Parameter Tensor, ParameterKind Kind)> Of(Module root) => Of(root, "");

    private static IEnumerable<(string Name, Parameter Tensor, ParameterKind Kind)> Of(Module module, string prefix)
    {
        foreach (var (field, tensor) in module.named_parameters(recurse: false))
        {
            var owner = module as IParameterOwner
                ?? throw new InvalidOperationException($"{module.GetType().Name} owns the parameter '{prefix}{field}' but does not say what kind it is.");
            yield return (prefix + field, tensor, owner.KindOf(field));
        }

        foreach (var (field, child) in module.named_children())
        {
            foreach (var entry in Of(child, $"{prefix}{field}."))
            {
                yield return entry;
            }
        }
    }
}
