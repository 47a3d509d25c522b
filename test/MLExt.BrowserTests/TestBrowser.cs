using Microsoft.Playwright;

namespace MLExt.BrowserTests;

/// <summary>What cameras a browser has.</summary>
internal enum Camera
{
    /// <summary>Two, which pages may use.</summary>
    Two,

    /// <summary>One, which pages may not use.</summary>
    Refused,

    /// <summary>None.</summary>
    None,
}

/// <summary>The browser that is on the machine. Nothing is downloaded.</summary>
internal static class TestBrowser
{
    // It has to run as root in a container, without a GPU, and must not call home.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    // The cameras are drawn ones.
    private static readonly Dictionary<Camera, string[]> CameraArguments = new()
    {
        [Camera.Two] = ["--use-fake-device-for-media-stream=device-count=2", "--use-fake-ui-for-media-stream"],
        [Camera.Refused] = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"],
        [Camera.None] = ["--use-fake-device-for-media-stream=device-count=0", "--use-fake-ui-for-media-stream"],
    };

    /// <summary>Milliseconds that the page may take to show what it should, on a machine that is slow and busy.</summary>
    public const float Patience = 30_000;

    private static IPlaywright? _playwright;
    private static readonly Dictionary<Camera, IBrowser> Browsers = [];

    /// <summary>Starts the browser, the first time. Without one the test is inconclusive.</summary>
    public static async Task<IBrowser> Open(Camera camera = Camera.Two)
    {
        if (Browsers.TryGetValue(camera, out var browser))
        {
            return browser;
        }

        var file = Find();
        if (file is null && !OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("There is no Chromium on the PATH to show the page in: install it (./test.sh does, on Debian), or name one in MLEXT_BROWSER.");
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright ??= await Playwright.CreateAsync();
        return Browsers[camera] = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = file,
            Channel = file is null ? "msedge" : null, // comes with Windows
            Args = [.. Arguments, .. CameraArguments[camera]],
        });
    }

    /// <summary>Ends it.</summary>
    public static async Task Close()
    {
        foreach (var browser in Browsers.Values)
        {
            await browser.CloseAsync();
        }

        _playwright?.Dispose();
    }

    private static string? Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string?[] names = [Environment.GetEnvironmentVariable("MLEXT_BROWSER"), "chromium", "chromium-browser", "google-chrome", "microsoft-edge"];
        return names.OfType<string>().Where(name => name.Length > 0)
            .SelectMany(name => folders.Select(folder => Path.Combine(folder, name))) // a full path stays what it is
            .FirstOrDefault(File.Exists);
    }
}
