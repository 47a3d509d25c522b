using System.Diagnostics;
using MLExtensions.Testing;

namespace MLExt.Tests.CodeGeneration;

/// <summary>
/// A new console project outside the repository, as 'dotnet new console' makes one, with the libraries that the tests
/// run on. It runs on the native libraries of the tests too.
/// </summary>
internal sealed class FreshProject : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes the project.</summary>
    /// <param name="properties">MSBuild properties beside those of 'dotnet new console'.</param>
    public FreshProject(string properties = "")
    {
        var libraries = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("Microsoft.ML.", StringComparison.Ordinal) || Path.GetFileName(path) == "TorchSharp.dll")
            .Where(path => !path.EndsWith("Tests.dll", StringComparison.Ordinal));
        File.WriteAllText(_folder["Fresh.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", libraries.Select(path => $"""<Reference Include="{path}" Private="false" />"""))}
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>A full path in the project's folder.</summary>
    public string this[params string[] parts] => _folder[parts];

    /// <summary>Writes a file.</summary>
    public void Write(string name, string text) => File.WriteAllText(_folder[name], text);

    /// <summary>Compiles; any warning is an error.</summary>
    public void Build()
    {
        var (exitCode, output) = Run("build", "-c", "Release", "-o", _folder["built"], "-nologo", "-v", "q", "-nodeReuse:false");
        Assert.AreEqual(0, exitCode, output);
    }

    /// <summary>Runs what was built, in the project's folder.</summary>
    /// <returns>What it printed.</returns>
    public string Start(params string[] args)
    {
        var tests = Path.ChangeExtension(typeof(FreshProject).Assembly.Location, null);
        var (exitCode, output) = Run(["exec", "--depsfile", tests + ".deps.json", "--runtimeconfig", tests + ".runtimeconfig.json", _folder["built", "Fresh.dll"], .. args]);
        Assert.AreEqual(0, exitCode, output);
        return output;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private (int ExitCode, string Output) Run(params string[] args)
    {
        var (exitCode, output, error) = ProgramRun.Of(new ProcessStartInfo("dotnet", args) { WorkingDirectory = _folder.Path });
        return (exitCode, output + error);
    }
}
