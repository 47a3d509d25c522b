using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace MLExt.BrowserTests;

/// <summary>The app in a window of its own, which notes what should not happen: errors in the console, and requests to elsewhere.</summary>
internal sealed class AppPage : IAsyncDisposable
{
    /// <summary>The page draws its samples at random: here always the same ones.</summary>
    private const string SameRandomNumbers = "{ let seed = 1; Math.random = () => (seed = seed * 48271 % 2147483647) / 2147483647; }";

    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _complaints = new();

    private AppPage(IBrowserContext context, IPage page, Uri address) => (_context, Page, _address) = (context, page, address);

    /// <summary>The window's content.</summary>
    public IPage Page { get; }

    /// <summary>Opens the app.</summary>
    /// <param name="tab">train or teach.</param>
    /// <param name="isDark">Whether the system prefers dark colours.</param>
    /// <param name="isPhone">Whether the window has the size of a telephone's, with a finger in place of a mouse.</param>
    /// <param name="camera">What cameras the browser has.</param>
    /// <param name="generator">What makes classifiers.</param>
    public static async Task<AppPage> Open(string tab, bool isDark = false, bool isPhone = false, Camera camera = Camera.Two, string generator = "symbols")
    {
        var address = ServedApp.Address(generator);
        var browser = await TestBrowser.Open(camera);
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = isPhone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
            HasTouch = isPhone,
            IsMobile = isPhone,
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await context.AddInitScriptAsync(SameRandomNumbers);
        context.SetDefaultTimeout(TestBrowser.Patience);
        var app = new AppPage(context, await context.NewPageAsync(), address);
        app.Listen();
        await app.Page.GotoAsync(new Uri(address, $"#{tab}").ToString());
        await app.Page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return app;
    }

    /// <summary>A control by its role and the name that it tells assistive software.</summary>
    public ILocator Control(AriaRole role, string name) => Page.GetByRole(role, new() { Name = name, Exact = true });

    /// <summary>Draws strokes with the mouse, through points in shares of the element's size.</summary>
    public async Task Draw(ILocator pad, params (float X, float Y)[] points)
    {
        await pad.ScrollIntoViewIfNeededAsync();
        var box = await pad.BoundingBoxAsync() ?? throw new InvalidOperationException("The pad is not shown.");
        await Page.Mouse.MoveAsync(box.X + points[0].X * box.Width, box.Y + points[0].Y * box.Height);
        await Page.Mouse.DownAsync();
        foreach (var (x, y) in points[1..])
        {
            await Page.Mouse.MoveAsync(box.X + x * box.Width, box.Y + y * box.Height, new() { Steps = 6 });
        }

        await Page.Mouse.UpAsync();
    }

    /// <summary>Keeps what the window shows, in artifacts/screenshots.</summary>
    public async Task Screenshot(string name, bool isWholePage = false)
    {
        if (isWholePage)
        {
            // What floats over the window would lie across the middle of the page.
            await Page.EvaluateAsync("document.querySelector('.peek').style.visibility = 'hidden'");
        }

        await Page.ScreenshotAsync(new() { Path = Path.Combine(ScreenshotFolder(), $"{name}.png"), FullPage = isWholePage });
    }

    /// <summary>Waits until an expression is true. Asked anew each time: the page's policy forbids the browser to evaluate text again by itself.</summary>
    public async Task Until(string expression, object? argument = null)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!await Page.EvaluateAsync<bool>(expression, argument))
        {
            Assert.IsLessThan(60, clock.Elapsed.TotalSeconds, expression);
        }
    }

    /// <summary>Fails if the console had errors or something was asked of another server.</summary>
    public void AssertQuiet() => Assert.AreEqual("", string.Join(Environment.NewLine, _complaints));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        Page.PageError += (_, error) => _complaints.Enqueue($"exception: {error}");
        Page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" or "ws" or "wss" } url && url.Authority != _address.Authority)
            {
                _complaints.Enqueue($"asked of another server: {url}");
            }
        };
    }

    private static string ScreenshotFolder([CallerFilePath] string here = "") =>
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "artifacts", "screenshots")).FullName;
}
