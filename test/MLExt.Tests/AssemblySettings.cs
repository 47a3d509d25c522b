[assembly: DoNotParallelize]

namespace MLExt.Tests
{
    /// <summary>Cleans up after all tests.</summary>
    [TestClass]
    public static class AssemblySettings
    {
        /// <summary>Deletes what tests shared.</summary>
        [AssemblyCleanup]
        public static void CleanUp() => TrainedModel.Delete();
    }
}
