namespace MLExt.Tests;

/// <summary>Deletes what tests shared.</summary>
[TestClass]
public static class AssemblyCleanUp
{
    /// <summary>Runs after all tests.</summary>
    [AssemblyCleanup]
    public static void CleanUp()
    {
        Serve.TestServer.Stop();
        TrainedModel.Delete();
        FewShot.TrainedGenerator.Delete();
        Packages.PackedFeed.Delete();
    }
}
