using System.Diagnostics;
using System.Reflection;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

/// <summary>What a user's own program does, in which no script has set a variable.</summary>
[TestClass]
public sealed class PlainProcessTests
{
    private const string Program = "MLExtensions.FreshProcess.dll";

    [TestMethod]
    public void TrainingResumingAndScoringRepeatBitForBit()
    {
        string[] lines = [.. Lines(20), .. Lines(2)];
        Assert.HasCount(22 * 5, lines);
        string[] different = [.. lines.Distinct()];
        Assert.HasCount(5, different, string.Join('\n', different));
        Assert.AreEqual(HashOf(different, "training"), HashOf(different, "resumed"));
    }

    [TestMethod]
    public void ThatHoldsForOneThreadToo()
    {
        string[] different = [.. Lines(5, threads: 1).Distinct()];
        Assert.HasCount(5, different, string.Join('\n', different));
        Assert.AreEqual(HashOf(different, "training"), HashOf(different, "resumed"));
    }

    [TestMethod]
    public void AnAppWithoutLibtorchIsToldWhichPackageItNeeds()
    {
        using var app = new TemporaryFolder();
        CopyProgram(app);
        var (exitCode, _, error) = Run(app[Program], "score", Golden);
        Assert.AreNotEqual(0, exitCode);
        StringAssert.Contains(error, "libtorch is not beside this app");
        StringAssert.Contains(error, "reference TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux in the app's project.");
    }

    [TestMethod]
    public void AnAppOnASystemThatIsTooOldIsToldWhichOnesAreNot()
    {
        if (!OperatingSystem.IsLinux()) return; // there is no such system elsewhere
        using var app = new TemporaryFolder();
        CopyProgram(app);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"), "*.so*"))
        {
            if (!file.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal)) File.CreateSymbolicLink(app[Path.GetFileName(file)], file);
        }

        var packages = typeof(PlainProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(setting => setting.Key == "Packages").Value!;
        var version = FileVersionInfo.GetVersionInfo(app["TorchSharp.dll"]);
        File.CreateSymbolicLink(app["libLibTorchSharp.so"], Path.Combine(
            packages, "torchsharp", $"{version.FileMajorPart}.{version.FileMinorPart}.{version.FileBuildPart}", "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));

        var (exitCode, output, error) = Run(app[Program], "score", Golden);
        var library = new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib64" }.Select(folder => Path.Combine(folder, "libstdc++.so.6")).First(File.Exists);
        if (File.ReadAllBytes(library).AsSpan().IndexOf("GLIBCXX_3.4.32"u8) >= 0)
        {
            Assert.AreEqual(0, exitCode, output + error);
            return;
        }

        Assert.AreNotEqual(0, exitCode);
        Assert.AreEqual("", output, "TorchSharp's own advice");
        Assert.AreEqual("", string.Join(' ', Directory.GetDirectories(app.Path)), "what TorchSharp copies");
        StringAssert.Contains(error, "TorchSharp needs the C++ library of GCC 13 (libstdc++ with GLIBCXX_3.4.32), and this system's is older: "
            + "Debian 13, Ubuntu 24.04, Fedora 38, RHEL 10 and newer ones have it.");
    }

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Golden", "none-patch.zip");

    private static string HashOf(string[] lines, string name) => lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ')[1];

    private static string[] Lines(int times, int? threads = null)
    {
        var (exitCode, output, error) = Run(Path.Combine(AppContext.BaseDirectory, Program), threads, "repeat", $"{times}");
        Assert.AreEqual(0, exitCode, error);
        return output.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static ProgramRun Run(string program, params string[] args) => Run(program, threads: null, args);

    private static ProgramRun Run(string program, int? threads, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. args]);
        foreach (var name in start.Environment.Keys.Where(IsOfNativeLibraries).ToArray()) start.Environment.Remove(name);
        if (threads is not null) start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        return ProgramRun.Of(start);
    }

    private static bool IsOfNativeLibraries(string variable) =>
        Array.Exists((string[])["MKL_", "OMP_", "GOMP_", "KMP_", "DNNL_", "ONEDNN_", "MALLOC_", "GLIBC_TUNABLES"], start => variable.StartsWith(start, StringComparison.Ordinal));

    // Without what says where the native libraries are, so that none are found but those in the folder itself.
    private static void CopyProgram(TemporaryFolder to)
    {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Append(Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(Program, ".runtimeconfig.json"))))
        {
            File.Copy(file, to[Path.GetFileName(file)]);
        }
    }
}
