using MLExtensions.Testing;

// Torch's threads and live-tensor counts are the whole process's.
[assembly: DoNotParallelize]

namespace Microsoft.ML.FewShot.Tests;

/// <summary>Runs before the first test.</summary>
[TestClass]
public static class AssemblySettings
{
    /// <summary>Settings of the whole process.</summary>
    [AssemblyInitialize]
    public static void Initialize(TestContext context) => TorchThreads.Use();
}
