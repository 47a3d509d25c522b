using System.CommandLine.Parsing;
using Microsoft.ML.TTT;

namespace MLExt.Commands;

/// <summary>How backbones are called on the command line and by the API: as the enum calls them, in small letters.</summary>
internal static class BackboneNames
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. new[] { ImageBackbone.Auto, ImageBackbone.None, ImageBackbone.ResNet18 }.Select(Of)];

    /// <summary>All names, for help and messages.</summary>
    public static string Listed => string.Join(", ", All);

    /// <summary>The name of a backbone.</summary>
    public static string Of(ImageBackbone backbone) => backbone.ToString().ToLowerInvariant();

    /// <summary>The backbone that an option's value names.</summary>
    public static ImageBackbone Parse(ArgumentResult result)
    {
        var name = result.Tokens.Single().Value;
        if (Find(name) is { } backbone)
        {
            return backbone;
        }

        result.AddError($"--backbone must be one of {Listed}; it is '{name}'.");
        return default;
    }

    /// <summary>The backbone that a name means, or null.</summary>
    public static ImageBackbone? Find(string name) =>
        All.Contains(name, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<ImageBackbone>(name, ignoreCase: true) : null;
}
