using System.CommandLine.Parsing;
using Microsoft.ML;
using Microsoft.ML.TTT;

namespace MLExt.Commands;

/// <summary>What is called on the command line and by the API as its enum calls it, in small letters.</summary>
internal static class EnumNames
{
    /// <summary>Backbones.</summary>
    public static EnumNames<ImageBackbone> Backbones { get; } = new(ImageBackbone.Auto, ImageBackbone.None, ImageBackbone.ResNet18);

    /// <summary>Parts of ONNX files.</summary>
    public static EnumNames<OnnxPart> OnnxParts { get; } = new(Enum.GetValues<OnnxPart>());
}

/// <summary>The names of an enum's members.</summary>
/// <param name="members">The members, in the order in which they are listed.</param>
internal sealed class EnumNames<T>(params T[] members)
    where T : struct, Enum
{
    /// <summary>All names.</summary>
    public IReadOnlyList<string> All { get; } = [.. members.Select(member => member.ToString().ToLowerInvariant())];

    /// <summary>All names, for help and messages.</summary>
    public string Listed => string.Join(", ", All);

    /// <summary>The name of a member.</summary>
    public string Of(T member) => member.ToString().ToLowerInvariant();

    /// <summary>The member that an option's value names.</summary>
    public T Parse(ArgumentResult result)
    {
        var name = result.Tokens.Single().Value;
        if (Find(name) is { } member)
        {
            return member;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} must be one of {Listed}; it is '{name}'.");
        return default;
    }

    /// <summary>The member that a name means, or null.</summary>
    public T? Find(string name) => All.Contains(name, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(name, ignoreCase: true) : null;
}
