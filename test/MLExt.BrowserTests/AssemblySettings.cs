[assembly: DoNotParallelize]

namespace MLExt.BrowserTests;

/// <summary>What all tests share: one browser and one app.</summary>
[TestClass]
public static class AssemblySettings
{
    /// <summary>Ends the browser and the app after all tests.</summary>
    [AssemblyCleanup]
    public static async Task CleanUp()
    {
        await TestBrowser.Close();
        ServedApp.Stop();
    }
}
