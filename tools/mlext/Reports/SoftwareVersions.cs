using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.TTT;

namespace MLExt.Reports;

/// <summary>What software a result came from.</summary>
internal static class SoftwareVersions
{
    /// <summary>The version of the tool.</summary>
    public static string Tool => Of(typeof(SoftwareVersions));

    /// <summary>Name and version of the parts that matter.</summary>
    public static IReadOnlyDictionary<string, string> All() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["mlext"] = Tool,
        ["Microsoft.ML"] = Of(typeof(MLContext)),
        ["Microsoft.ML.FewShot"] = Of(typeof(FewShotHyperTransformer)),
        ["Microsoft.ML.TTT"] = Of(typeof(TTTImageClassificationTrainer)),
        [".NET"] = Environment.Version.ToString(),
        ["system"] = RuntimeInformation.RuntimeIdentifier,
    };

    private static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? type.Assembly.GetName().Version?.ToString()
        ?? "";
}
