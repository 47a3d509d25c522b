using System.Reflection;
using MLExt.Tests.Documentation;
using MLExtensions.Testing;

namespace MLExt.Tests.Packages;

/// <summary>The packages of the repository in a folder that serves as a feed; made once for all tests.</summary>
internal static class PackedFeed
{
    private static readonly TemporaryFolder Place = new();
    private static readonly Lazy<string[]> Packing = new(Pack);

    /// <summary>The names of the files that 'dotnet pack' of the solution made.</summary>
    public static IReadOnlyList<string> Files => Packing.Value;

    /// <summary>The version of the packages.</summary>
    public static string Version => Files.Single(file => file.StartsWith("Microsoft.ML.TTT.", StringComparison.Ordinal) && file.EndsWith(".nupkg", StringComparison.Ordinal))["Microsoft.ML.TTT.".Length..^".nupkg".Length];

    /// <summary>The system that the tool is packed for: this one. A release packs it for all.</summary>
    public static string Rid => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    /// <summary>Where packages are installed to.</summary>
    public static string Installed { get; } = Directory.CreateDirectory(Place["installed"]).FullName;

    /// <summary>The full path of a package.</summary>
    public static string At(string file) => Place["packages", file];

    /// <summary>Arguments of a restore that also finds the packages here, beside those of the usual feeds.</summary>
    public static string[] RestoreArguments
    {
        get
        {
            _ = Files;
            var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            return
            [
                $"-p:RestoreAdditionalProjectSources={Place["packages"]}",
                .. Directory.Exists(known) ? [$"-p:RestoreFallbackFolders={known}"] : Array.Empty<string>(),
            ];
        }
    }

    /// <summary>Packs a library again, under another version.</summary>
    /// <returns>The version that the package has then.</returns>
    public static string PackAs(string version, string id)
    {
        _ = Files;
        DotnetCommand.Expect(RepositoryFiles.At("src", id), "dotnet", ["pack", .. PackArguments, "--no-build", $"-p:Version={version}"]);
        return Path.GetFileName(Directory.GetFiles(Place["packages"], $"{id}.{version}*.nupkg").Single())[(id.Length + 1)..^".nupkg".Length];
    }

    /// <summary>Deletes everything.</summary>
    public static void Delete() => Place.Dispose();

    private static string[] PackArguments =>
        ["-c", Setting("Configuration"), "-o", Place["packages"], "-nologo", "-v", "q", $"-p:ToolPackageRuntimeIdentifiers={Rid}"];

    private static string[] Pack()
    {
        DotnetCommand.Expect(RepositoryFiles.At(), "dotnet", ["pack", "MLExtensions.sln", .. PackArguments, "--no-restore"]);
        return [.. Directory.GetFiles(Place["packages"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
    }

    private static string Setting(string name) =>
        typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(setting => setting.Key == name).Value ?? "";
}
