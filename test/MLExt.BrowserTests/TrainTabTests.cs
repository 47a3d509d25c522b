using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MLExtensions.Testing;
using static Microsoft.Playwright.Assertions;

namespace MLExt.BrowserTests;

[TestClass]
public sealed partial class TrainTabTests
{
    /// <summary>Milliseconds that a training and its measuring may take on a machine that is slow and busy.</summary>
    private const int Patience = 180_000;

    [TestMethod]
    public async Task AModelIsTrainedMeasuredTriedAndTakenAlong()
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppPage.Open("train");
        await app.Screenshot("train-1-data");
        await app.Control(AriaRole.Button, "Draw sample images").ClickAsync();
        await Expect(app.Page.Locator(".class-row")).ToHaveCountAsync(4);
        await Expect(app.Page.Locator(".class-row").First).ToContainTextAsync("circle");
        await Expect(app.Page.Locator(".facts").First).ToContainTextAsync("images240");
        await app.Screenshot("train-2-preview");

        await app.Control(AriaRole.Button, "Next: train").ClickAsync();
        await app.Control(AriaRole.Spinbutton, "Seconds to train").FillAsync("8");
        await app.Page.GetByText("More options").ClickAsync();
        await app.Page.GetByLabel("Image size").FillAsync("16");
        await app.Screenshot("train-3-options");
        await app.Control(AriaRole.Button, "Start training").ClickAsync();
        await Expect(app.Control(AriaRole.Button, "Next: evaluate")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(app.Page.Locator("#run-progress h2").First).ToHaveTextAsync("Trained");
        await app.Screenshot("train-4-trained");

        await app.Control(AriaRole.Button, "Next: evaluate").ClickAsync();
        await Expect(app.Page.Locator(".headline .big")).ToHaveTextAsync(Percent(), new() { Timeout = Patience });
        await Expect(app.Page.Locator(".confusion tbody tr")).ToHaveCountAsync(4);
        await Expect(app.Page.Locator(".class-table tbody tr")).ToHaveCountAsync(4);
        await Try(app, folder);
        await app.Screenshot("train-5-evaluate", isWholePage: true);

        await app.Control(AriaRole.Button, "Next: consume").ClickAsync();
        await app.Screenshot("train-6-consume");
        await TakeAlong(app, folder);
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task AStoppedTrainingKeepsItsBestModel()
    {
        await using var app = await AppPage.Open("train");
        await app.Control(AriaRole.Button, "Draw sample images").ClickAsync();
        await app.Control(AriaRole.Button, "Next: train").ClickAsync();
        await app.Control(AriaRole.Spinbutton, "Seconds to train").FillAsync("600");
        await app.Page.GetByText("More options").ClickAsync();
        await app.Page.GetByLabel("Image size").FillAsync("16");
        await app.Control(AriaRole.Button, "Start training").ClickAsync();
        await Expect(app.Page.Locator(".tile", new() { HasText = "Best accuracy" }).Locator("dd")).ToHaveTextAsync(Percent(), new() { Timeout = Patience });
        await app.Screenshot("train-running");

        await app.Page.ReloadAsync(); // the page finds the training again
        await app.Control(AriaRole.Button, "2 Train").Or(app.Page.Locator("[data-step=run]")).First.ClickAsync();
        await app.Control(AriaRole.Button, "Stop and keep the best").ClickAsync();
        await Expect(app.Page.Locator("#run-progress h2").First).ToHaveTextAsync("Stopped; the best model is kept", new() { Timeout = Patience });
        await app.Control(AriaRole.Button, "Next: evaluate").ClickAsync();
        await Expect(app.Page.Locator(".headline .big")).ToHaveTextAsync(Percent(), new() { Timeout = Patience });
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task AFolderIsPackedByThePageAndShownWithItsCounts()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["flowers"], perClass: 3, classes: 4);
        await using var app = await AppPage.Open("train");
        await app.Page.GetByLabel("Choose a folder").SetInputFilesAsync(folder["flowers"]);
        await Expect(app.Page.Locator(".class-row")).ToHaveCountAsync(4);
        await Expect(app.Page.Locator(".facts").First).ToContainTextAsync("images12");
        await Expect(app.Page.Locator(".note.warn").First).ToBeVisibleAsync(); // so few images
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task WhatTheServerRefusesIsSaidInWords()
    {
        await using var app = await AppPage.Open("train");
        await app.Page.GetByLabel("A folder on this computer").FillAsync("/no/such/folder");
        await app.Control(AriaRole.Button, "Open").ClickAsync();
        await Expect(app.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("/no/such/folder");
        await Expect(app.Control(AriaRole.Button, "Draw sample images")).ToBeEnabledAsync();
    }

    private static async Task Try(AppPage app, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder["green.png"], PngFile.Encode(60, 40, (x, y) => x is > 20 and < 40 && y is > 10 and < 30 ? ((byte)0, (byte)120, (byte)0) : ((byte)240, (byte)240, (byte)240)));
        await app.Page.GetByLabel("Choose an image", new() { Exact = true }).SetInputFilesAsync(folder["green.png"]);
        await Expect(app.Page.Locator(".answer .label")).ToHaveTextAsync(new Regex("^(circle|square|star|triangle)$"));
        await Expect(app.Page.Locator(".answer .score.best")).ToHaveCountAsync(1);

        var why = app.Control(AriaRole.Button, "Why?");
        await why.ClickAsync();
        await Expect(app.Page.Locator(".try").GetByAltText("What spoke for the answer")).ToBeVisibleAsync();
        await Expect(why).ToHaveAttributeAsync("aria-pressed", "true");
        await app.Screenshot("train-5-why");
        await why.ClickAsync();
        await Expect(app.Page.GetByAltText("The picture that was dropped")).ToBeVisibleAsync();

        await app.Control(AriaRole.Button, "What it learned").ClickAsync();
        await Expect(app.Page.GetByAltText("Where block 3, head 1 learned")).ToBeVisibleAsync();
        await Expect(app.Page.Locator(".learned figure")).ToHaveCountAsync(4);
        await Expect(app.Page.Locator(".learned figcaption").First).ToContainTextAsync(new Regex(@"\d+\.\d+ → \d+\.\d+ \(-?\d+\u2009%\)"));
        await app.Screenshot("train-5-learned");
    }

    private static async Task TakeAlong(AppPage app, TemporaryFolder folder)
    {
        foreach (var (name, kind) in new[] { ("shapes.zip", "zip"), ("shapes.onnx", "onnx"), ("shapes code", "code.zip"), ("Report", "html") })
        {
            var link = app.Page.Locator(".download").Filter(new() { HasText = name });
            var download = await app.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
            await download.SaveAsAsync(folder[kind]);
            Assert.IsGreaterThan(200, new FileInfo(folder[kind]).Length, name);
        }

        using var code = ZipFile.OpenRead(folder["code.zip"]);
        Assert.IsTrue(code.Entries.Any(entry => entry.Name.EndsWith(".consumption.cs", StringComparison.Ordinal)), "The code to predict is missing.");
        StringAssert.Contains(File.ReadAllText(folder["html"]), "<html");
    }

    [GeneratedRegex(@"^\d+\.\d.%$")]
    private static partial Regex Percent();
}
