using System.CommandLine.Parsing;
using Microsoft.ML;

namespace MLExt.Commands;

/// <summary>How parts of ONNX files are called on the command line and by the API: as the enum calls them, in small letters.</summary>
internal static class OnnxPartNames
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetNames<OnnxPart>().Select(name => name.ToLowerInvariant())];

    /// <summary>All names, for help and messages.</summary>
    public static string Listed => string.Join(", ", All);

    /// <summary>The part that an option's value names.</summary>
    public static OnnxPart Parse(ArgumentResult result)
    {
        var name = result.Tokens.Single().Value;
        if (Find(name) is { } part)
        {
            return part;
        }

        result.AddError($"--part must be one of {Listed}; it is '{name}'.");
        return default;
    }

    /// <summary>The part that a name means, or null.</summary>
    public static OnnxPart? Find(string name) => All.Contains(name, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<OnnxPart>(name, ignoreCase: true) : null;
}
