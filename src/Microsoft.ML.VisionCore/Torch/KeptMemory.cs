using System.Runtime.InteropServices;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// While one of these is held, memory that libtorch frees stays with the process for the next tensor. A training frees and takes the same sizes in every step; by itself glibc gives
/// what is larger than 32 MiB, and what lies at the end of its heap, back to the system each time, which then hands it out again page by page. When the last is disposed of, what is
/// free goes back. Does something on Linux alone, and nothing where the environment says how memory is handled (MALLOC_..., GLIBC_TUNABLES).
/// </summary>
internal sealed partial class KeptMemory : IDisposable
{
    // Of malloc.h: what is free at the end of the heap and goes back to the system, from which size on memory is a mapping of its own, and how many of those there may be.
    private const int TrimThreshold = -1, MappingThreshold = -3, MostMappings = -4;

    private const int Never = -1;

    // What glibc's own rule comes to where large memory is freed, and its default.
    private const int LargestMappingThreshold = 32 << 20, DefaultMappings = 65_536;

    private static readonly Lock Lock = new();
    /// <summary>Whether nothing is done here.</summary>
    internal static readonly bool IsOff = !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Any(name => name.StartsWith("MALLOC_", StringComparison.Ordinal) || name == "GLIBC_TUNABLES");

    private static int held;

    private bool _isDisposed;

    private KeptMemory()
    {
    }

    /// <summary>Holds one.</summary>
    public static KeptMemory Hold()
    {
        lock (Lock)
        {
            if (held++ == 0 && !IsOff)
            {
                Set((MostMappings, 0), (TrimThreshold, Never));
            }
        }

        return new KeptMemory();
    }

    public void Dispose()
    {
        lock (Lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (--held == 0 && !IsOff)
            {
                Set((MostMappings, DefaultMappings), (MappingThreshold, LargestMappingThreshold), (TrimThreshold, 2 * LargestMappingThreshold));
            }
        }
    }

    // Where another library than glibc handles memory, there may be no such functions.
    private static void Set(params (int What, int Value)[] options)
    {
        try
        {
            foreach (var (what, value) in options)
            {
                _ = SetOption(what, value);
            }

            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int what, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint left);
}
