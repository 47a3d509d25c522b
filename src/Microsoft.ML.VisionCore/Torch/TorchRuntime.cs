using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>What the process needs before libtorch is loaded, and what is said where it cannot be loaded.</summary>
/// <remarks>
/// libtorch's libraries read their settings from the environment, once. Those set here are seen by native code of this process alone, not by
/// programs that it starts, and a variable that the user has set, to whatever value, stays as it is.
/// MKL_CBWR: matrix products of MKL take one code path whatever the alignment of their operands. Without it the last bits of a sum change from
/// run to run, since memory lies elsewhere each time. AVX2 is what every processor of the last ten years has.
/// GOMP_SPINCOUNT: how often a thread that waits for the others looks again before it sleeps. The standard, 30 billion times, takes the cores
/// from whatever else runs on the machine. OMP_WAIT_POLICY says the same in other words; where it is set, nothing is.
/// </remarks>
internal static partial class TorchRuntime
{
    private const string OldCppLibrary =
        "TorchSharp needs the C++ library of GCC 13 (libstdc++ with GLIBCXX_3.4.32), and this system's is older: Debian 13, Ubuntu 24.04, Fedora 38, RHEL 10 and newer ones have it.";

    private static readonly Lazy<bool> IsTooOld = new(HasOldCppLibrary);

    /// <summary>Sets the variables; runs when the first member of this assembly is used, and does nothing the second time.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Whatever a program uses of the packages first, it is before they load libtorch.")]
    internal static void Prepare()
    {
        SetUnlessSet("MKL_CBWR", Avx2.IsSupported ? "AVX2" : "COMPATIBLE");
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) SetUnlessSet("GOMP_SPINCOUNT", "10000");
    }

    /// <summary>Loads libtorch, if it is not loaded yet, and sees to it that its convolutions are right.</summary>
    /// <exception cref="PlatformNotSupportedException">It cannot be loaded, or is wrong here; the message says why, and what to do.</exception>
    internal static void Load()
    {
        // Before TorchSharp is asked: where its library cannot be loaded, it copies libtorch to another folder first, and prints advice that is no help here.
        if (OperatingSystem.IsLinux() && IsTooOld.Value) throw new PlatformNotSupportedException(OldCppLibrary);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            throw new PlatformNotSupportedException(Explain(), exception);
        }

        _ = TorchBackends.HasOneDnn;
    }

    // What GLIBCXX_3.4.32 has and the version before has not is std::ios_base_library_init(); a library that does not ask for it (eng/OldHost.targets) works.
    private static bool HasOldCppLibrary() =>
        NativeLibrary.TryLoad("libstdc++.so.6", typeof(TorchRuntime).Assembly, searchPath: null, out var library)
        && !NativeLibrary.TryGetExport(library, "_ZSt21ios_base_library_initv", out _)
        && Library("LibTorchSharp") is { } file
        && File.ReadAllBytes(file).AsSpan().IndexOf("\0_ZSt21ios_base_library_initv\0"u8) >= 0;

    private static string[] Folders() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? AppContext.BaseDirectory).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A native library beside the app; null where it is not.</summary>
    /// <param name="name">Without what the system's names begin and end with.</param>
    internal static string? Library(string name)
    {
        var file = OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
        return Array.Find(Array.ConvertAll(Folders(), folder => Path.Combine(folder, file)), File.Exists);
    }

    private static string Explain()
    {
        if (!Array.Exists(Folders(), folder => Directory.EnumerateFiles(folder, "*torch_cpu.*").Any()))
        {
            return $"libtorch is not beside this app, or not for {RuntimeInformation.RuntimeIdentifier}: reference TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux in the app's project. " +
                "There are libraries for Linux and Windows on x64 and for macOS on arm64.";
        }

        return $"libtorch cannot be loaded: {LoadingFails()}";
    }

    private static string LoadingFails()
    {
        if (Library("LibTorchSharp") is not { } file) return "TorchSharp's native library is not beside this app.";
        try
        {
            NativeLibrary.Load(file);
            return "the system's loader gives no reason.";
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return exception.Message;
        }
    }

    private static void SetUnlessSet(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null) return;
        if (OperatingSystem.IsWindows()) _ = PutEnvironment(name, value);
        else _ = SetEnvironment(name, value, overwrite: 0);
    }

    // Environment.SetEnvironmentVariable changes the runtime's own copy, which native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnvironment(string name, string value);
}
