using Microsoft.Playwright;
using MLExtensions.Testing;
using static Microsoft.Playwright.Assertions;

namespace MLExt.BrowserTests;

/// <summary>Classes that are renamed, added and removed, and examples that are taken out, while there is a classifier.</summary>
[TestClass]
public sealed class ClassesTests
{
    [TestMethod]
    public async Task ARenamedClassKeepsItsExamplesAndTheAnswerHasTheNewName()
    {
        await using var app = await Sample();
        await Expect(Verdict(app)).ToHaveTextAsync("Gate");
        await NameField(app, 1).FillAsync("  Portcullis ");
        await Expect(Verdict(app)).ToHaveTextAsync("Gate"); // not with every letter
        await NameField(app, 1).PressAsync("Enter");
        await Expect(Verdict(app)).ToHaveTextAsync("Portcullis");
        await Expect(NameField(app, 1)).ToHaveValueAsync("Portcullis");
        await Expect(NameField(app, 1)).ToBeFocusedAsync();
        await Expect(Card(app, 1).Locator(".example")).ToHaveCountAsync(3);

        await NameField(app, 1).FillAsync("Something else");
        await NameField(app, 1).PressAsync("Escape");
        await Expect(NameField(app, 1)).ToHaveValueAsync("Portcullis");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task ANameThatCannotBeIsRefusedWithASentenceAndTheOldOneStays()
    {
        await using var app = await Sample();
        foreach (var (name, why) in new[]
        {
            ("Hook", "Another class is called “\u2068Hook\u2069”."),
            ("", "A class needs a name."),
            (" \u200b\u200e ", "A class needs a name."),
            ("*", "The asterisk alone stands for unlabelled images."),
        })
        {
            await NameField(app, 1).FillAsync(name);
            await Expect(Card(app, 1).GetByRole(AriaRole.Alert)).ToHaveTextAsync($"{why} This one stays “\u2068Gate\u2069”.");
            await Expect(NameField(app, 1)).ToHaveAttributeAsync("aria-invalid", "true");
            await NameField(app, 1).PressAsync("Tab");
            await Expect(NameField(app, 1)).ToHaveValueAsync("Gate");
            await Expect(NameField(app, 1)).ToHaveAttributeAsync("aria-invalid", "false");
            await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 9 examples");
        }

        await NameField(app, 1).FillAsync("Door");
        await Expect(Card(app, 1).GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task ExamplesAreTakenOutAndComeBackInTheirPlaces()
    {
        await using var app = await Sample();
        var before = await Pictures(app);
        for (var left = 8; left >= 7; left--)
        {
            var remove = Card(app, 0).GetByRole(AriaRole.Button, new() { Name = "Remove example 1", Exact = true });
            await remove.FocusAsync();
            await remove.PressAsync("Enter");
            await Expect(app.Page.Locator(".made")).ToContainTextAsync($"3 classes from {left} examples");
            await Expect(remove).ToBeFocusedAsync();
        }

        await Expect(app.Page.Locator(".toast")).ToContainTextAsync("2 examples of “\u2068Hook\u2069” taken out.");
        await app.Control(AriaRole.Button, "Undo").ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 9 examples");
        CollectionAssert.AreEqual(before, await Pictures(app));
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task AClassIsAddedLaterAndARemovedOneComesBackEvenIfItsNameIsTaken()
    {
        await using var app = await Sample();
        await app.Control(AriaRole.Button, "Add a class").ClickAsync();
        await Expect(NameField(app, 3)).ToBeFocusedAsync();
        await app.Page.GetByLabel("Add image files to this class").Nth(3).SetInputFilesAsync(Dot("dot.png"));
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("4 classes from 10 examples");
        await Expect(app.Page.Locator(".scores .score:not([hidden])")).ToHaveCountAsync(4);

        await app.Control(AriaRole.Button, "Remove this class").First.ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 7 examples");
        await NameField(app, 2).FillAsync("Hook");
        await NameField(app, 2).PressAsync("Enter");
        await app.Control(AriaRole.Button, "Undo").ClickAsync();
        await Expect(NameField(app, 0)).ToHaveValueAsync("Hook 2");
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("4 classes from 10 examples");
        app.AssertQuiet();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task ANameInAnyScriptIsShownAsItIsAndInItsDirection(bool inBrowser)
    {
        await using var app = await Sample();
        await app.Page.GetByLabel("Run in the browser").SetCheckedAsync(inBrowser);
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync(inBrowser ? "in this browser" : "on the server");
        foreach (var (name, direction) in new[]
        {
            ("手写汉字", "ltr"),
            ("नमस्ते", "ltr"),
            ("👩🏽‍🚀 🏳️‍🌈", "ltr"),
            ("<b>\"quoted\"</b> & 'this' %22", "ltr"),
            ("مرحبا بالعالم", "rtl"),
        })
        {
            await NameField(app, 1).FillAsync(name);
            await NameField(app, 1).PressAsync("Enter");
            await Expect(Verdict(app)).ToHaveTextAsync(name);
            var row = app.Page.Locator(".score.best .name");
            await Expect(row).ToHaveTextAsync(name);
            foreach (var shown in new[] { Verdict(app), NameField(app, 1), row })
            {
                await Expect(shown).ToHaveCSSAsync("direction", direction);
            }
        }

        await app.Page.ReloadAsync();
        await Expect(NameField(app, 1)).ToHaveValueAsync("مرحبا بالعالم");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task ComposedAndDecomposedNamesAreOneAndALongNameFits()
    {
        await using var app = await Sample();
        await NameField(app, 0).FillAsync("Cafe\u0301");
        await NameField(app, 0).PressAsync("Enter");
        await Expect(NameField(app, 0)).ToHaveValueAsync("Caf\u00e9");
        await NameField(app, 1).FillAsync("Caf\u00e9");
        await Expect(Card(app, 1).GetByRole(AriaRole.Alert)).ToContainTextAsync("Another class is called");

        var longest = string.Concat(Enumerable.Repeat("字", 200));
        await NameField(app, 1).FillAsync(longest);
        await NameField(app, 1).PressAsync("Enter");
        await Expect(Verdict(app)).ToHaveTextAsync(longest);
        Assert.AreEqual(0, await app.Page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"), "pixels beyond the window");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task AFileInAnyScriptIsTakenAndOneThatIsNoImageIsNamed()
    {
        await using var app = await Sample();
        await app.Page.GetByLabel("Add image files to this class").First.SetInputFilesAsync(
            new[] { Dot("صورة.png"), Dot("照片 👩‍🚀.png"), new FilePayload { Name = "ملاحظة <b>.png", MimeType = "image/png", Buffer = "text"u8.ToArray() } });
        await Expect(app.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("“\u2068ملاحظة <b>.png\u2069” is not an image");
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 11 examples");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task BeforeExamplesAreLostThatAReloadCannotBringBackTheBrowserAsks()
    {
        const string Asks = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
        await using var app = await Sample();
        Assert.IsFalse(await app.Page.EvaluateAsync<bool>(Asks));
        var random = new Random(1);
        var noise = PngFile.Encode(500, 500, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        await app.Page.GetByLabel("Add image files to this class").First.SetInputFilesAsync(
            Enumerable.Range(0, 5).Select(i => new FilePayload { Name = $"{i}.png", MimeType = "image/png", Buffer = noise }));
        await app.Until(Asks);
        await app.Control(AriaRole.Button, "Start over").ClickAsync();
        await app.Until($"!({Asks})");
        app.AssertQuiet();
    }

    /// <summary>The page with three classes of three examples, and a question.</summary>
    private static async Task<AppPage> Sample()
    {
        var app = await AppPage.Open("teach");
        await app.Control(AriaRole.Button, "Show me").ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 9 examples");
        await Expect(Verdict(app)).ToHaveTextAsync("Gate");
        return app;
    }

    private static ILocator Verdict(AppPage app) => app.Page.Locator(".verdict b");

    private static ILocator Card(AppPage app, int number) => app.Page.Locator(".card").Nth(number);

    private static ILocator NameField(AppPage app, int number) => app.Page.GetByLabel("Name of the class").Nth(number);

    private static Task<string[]> Pictures(AppPage app) => app.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.example img')].map(image => image.src)");

    private static FilePayload Dot(string name) => new()
    {
        Name = name,
        MimeType = "image/png",
        Buffer = PngFile.Encode(40, 40, (x, y) => Math.Max(Math.Abs(x - 20), Math.Abs(y - 20)) < 4 ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255)),
    };
}
