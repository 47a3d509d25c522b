using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using MLExt.Tests.Documentation;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.Packages;

[TestClass]
public sealed class PackageInstallTests
{
    [TestMethod]
    public void AFreshProjectInstallsBothPackagesTrainsAndGenerates()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(RepositoryFiles.At("samples", "ImagePipeline"), "*.cs"))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        WriteProject(folder, ("Microsoft.ML.TTT", PackedFeed.Version), ("Microsoft.ML.FewShot", PackedFeed.Version));
        DotnetCommand.Expect(folder.Path, "dotnet", ["publish", "-o", folder["app"], "-nologo", "-v", "q", .. PackedFeed.RestoreArguments]);
        Assert.IsTrue(Directory.Exists(Path.Combine(PackedFeed.Installed, "microsoft.ml.ttt")), "The package that was installed is another one.");
        using var dependencies = JsonDocument.Parse(File.ReadAllText(folder["app", "App.deps.json"]));
        Assert.AreEqual(1, dependencies.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Count(library => library.Value.TryGetProperty("runtime", out var files) && files.EnumerateObject().Any(file => file.Name.EndsWith("/Microsoft.ML.VisionCore.dll", StringComparison.Ordinal))));

        TinyImages.WriteFolder(folder["images"], perClass: 12);
        DrawnSymbols.Write(folder["examples"], symbols: 3, perSymbol: 2, alphabet: 31, hand: 1);
        var output = DotnetCommand.Expect(folder.Path, "dotnet", folder["app", "App.dll"], folder["images"], folder["examples"]);
        StringAssert.Contains(output, "of the test images are right.");
        StringAssert.Contains(output, "Few-shot: a classifier from 6 drawings.");
    }

    [TestMethod]
    [DataRow("Microsoft.ML.Distributed")]
    [DataRow("Microsoft.ML.FewShot")]
    [DataRow("Microsoft.ML.FewShot.Hosting")]
    [DataRow("Microsoft.ML.TTT")]
    public void APackageAloneBringsEveryLibraryThatItRefersTo(string id)
    {
        using var folder = new TemporaryFolder();
        WriteProject(folder, (id, PackedFeed.Version));
        File.WriteAllText(folder["Program.cs"], "return;");
        DotnetCommand.Expect(folder.Path, "dotnet", ["build", "-o", folder["app"], "-nologo", "-v", "q", .. PackedFeed.RestoreArguments]);
        Assert.IsTrue(Directory.Exists(Path.Combine(PackedFeed.Installed, id.ToLowerInvariant())), "The package that was installed is another one.");
        string[] places = [folder["app"], Path.GetDirectoryName(typeof(object).Assembly.Location)!, Path.GetDirectoryName(typeof(WebApplication).Assembly.Location)!];
        foreach (var library in Directory.GetFiles(folder["app"], "Microsoft.ML.*.dll").Where(file => Path.GetFileNameWithoutExtension(file) is var name && (name == id || name == "Microsoft.ML.VisionCore")))
        {
            using var file = new PEReader(File.OpenRead(library));
            var reader = file.GetMetadataReader();
            foreach (var name in reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)))
            {
                Assert.IsTrue(places.Any(place => File.Exists(Path.Combine(place, $"{name}.dll"))), $"{Path.GetFileName(library)} needs {name}, which is not there.");
            }
        }
    }

    [TestMethod]
    public void PackagesOfDifferentVersionsAreRefusedTogether()
    {
        using var folder = new TemporaryFolder();
        var later = PackedFeed.PackAs("7.8.9", "Microsoft.ML.FewShot");
        WriteProject(folder, ("Microsoft.ML.TTT", PackedFeed.Version), ("Microsoft.ML.FewShot", later));
        File.WriteAllText(folder["Program.cs"], "return;");
        var (exitCode, output) = DotnetCommand.Run(folder.Path, "dotnet", ["build", "-nologo", "-v", "q", .. PackedFeed.RestoreArguments]);
        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(output, "must have the same version");
        StringAssert.Contains(output, $"Microsoft.ML.FewShot {later}");
        StringAssert.Contains(output, $"Microsoft.ML.TTT {PackedFeed.Version}");
    }

    [TestMethod]
    public void TheToolInstallsAndMakesAClassifier()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["nuget.config"], $"""
            <configuration><packageSources><clear /><add key="packed" value="{Path.GetDirectoryName(PackedFeed.At("any"))}" /></packageSources></configuration>
            """);
        DotnetCommand.Expect(folder.Path, "dotnet", "tool", "install", "mlext", "--tool-path", folder["tools"], "--version", PackedFeed.Version, "--configfile", folder["nuget.config"]);
        var mlext = folder["tools", OperatingSystem.IsWindows() ? "mlext.exe" : "mlext"];

        DrawnSymbols.Write(folder["examples"], symbols: 3, perSymbol: 2, alphabet: 31, hand: 1);
        DotnetCommand.Expect(folder.Path, mlext, "few-shot", "adapt", "--support", folder["examples"], "--output", "c.zip");
        var image = folder["examples", "symbol-02", "0001.png"];
        StringAssert.StartsWith(DotnetCommand.Expect(folder.Path, mlext, "predict", "--model", "c.zip", image), $"{image}: symbol-02 ");
    }

    // On a system that TorchSharp's native library is too new for, the project gets what the repository's own programs get.
    private static void WriteProject(TemporaryFolder folder, params (string Id, string Version)[] packages) => File.WriteAllText(folder["App.csproj"], $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            {string.Join("\n    ", packages.Select(package => $"<PackageReference Include=\"{package.Id}\" Version=\"{package.Version}\" />"))}
            <PackageReference Include="TorchSharp-cpu" Version="0.107.0" />
          </ItemGroup>
          <Import Project="{RepositoryFiles.At("eng", "OldHost.targets")}" />
        </Project>
        """);
}
