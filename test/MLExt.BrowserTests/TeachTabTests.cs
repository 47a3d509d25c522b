using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MLExtensions.Testing;
using static Microsoft.Playwright.Assertions;

namespace MLExt.BrowserTests;

[TestClass]
public sealed partial class TeachTabTests
{
    private static readonly (float X, float Y)[] Upright = [(0.5f, 0.1f), (0.52f, 0.5f), (0.48f, 0.9f)];
    private static readonly (float X, float Y)[] Ring = [(0.5f, 0.15f), (0.2f, 0.35f), (0.2f, 0.65f), (0.5f, 0.85f), (0.8f, 0.65f), (0.8f, 0.35f), (0.5f, 0.15f)];

    [TestMethod]
    public async Task DrawnExamplesMakeAClassifierThatKnowsTheNextDrawing()
    {
        await using var app = await AppPage.Open("teach");
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("An example in each of two classes");
        await Name(app, 0, "stick");
        await Name(app, 1, "ring");
        await AddDrawing(app, 0, Upright);
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("One more class");
        await AddDrawing(app, 1, Ring);
        await Expect(app.Page.Locator(".made .ms")).ToHaveTextAsync(Milliseconds());

        await app.Draw(app.Page.Locator(".tester canvas"), Ring);
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("ring");
        await app.Control(AriaRole.Button, "Clear the drawing pad").Last.ClickAsync();
        await app.Draw(app.Page.Locator(".tester canvas"), Upright);
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("stick");
        await app.Screenshot("teach-drawn");

        await app.Control(AriaRole.Button, "Remove example 1").First.ClickAsync(new() { Force = true });
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("One more class");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task TheBrowserRunsTheGeneratedNetworkWithTheSameAnswer()
    {
        await using var app = await AppPage.Open("teach");
        await app.Control(AriaRole.Button, "Show me").ClickAsync();
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("on the server");
        await app.Screenshot("teach-light");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("Gate");
        await app.Page.GetByLabel("Run in the browser").CheckAsync();
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("in this browser");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("Gate");

        var difference = await app.Page.EvaluateAsync<double>(LargestDifference);
        Assert.IsLessThan(1e-4, difference, "The server's and the browser's probabilities differ.");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task PicturesInColourAreToldApartByAClassifierOfPhotographsOnTheServerAndInTheBrowser()
    {
        var random = new Random(1);
        await using var app = await AppPage.Open("teach", generator: "auto");
        var loaded = new ConcurrentQueue<string>();
        app.Page.Request += (_, request) => (request.Url.Contains("classifier.onnx", StringComparison.Ordinal) ? loaded : []).Enqueue(request.Url);
        foreach (var (number, label) in new[] { (0, 0), (1, 2) })
        {
            await Name(app, number, TinyImages.ClassNames[label]);
            await app.Page.GetByLabel("Add image files to this class").Nth(number).SetInputFilesAsync([Coloured(label), Coloured(label)]);
        }

        await Expect(app.Page.Locator(".made")).ToContainTextAsync("2 classes from 4 examples");
        Assert.AreEqual("photographs", await app.Page.EvaluateAsync<string>("async () => (await (await fetch('/api/classifiers')).json())[0].generator"));
        await app.Page.GetByLabel("Choose an image to try").SetInputFilesAsync(Coloured(2));
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("on the server");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("red-upright");
        var scores = await app.Page.Locator(".scores").InnerTextAsync();

        await app.Page.GetByLabel("Run in the browser").CheckAsync();
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("in this browser");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("red-upright");
        Assert.AreEqual(scores, await app.Page.Locator(".scores").InnerTextAsync());

        // The network is loaded once; with another example only what is the classifier's own comes again.
        await app.Page.GetByLabel("Add image files to this class").First.SetInputFilesAsync(Coloured(0));
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("2 classes from 5 examples");
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("in this browser");
        string[] parts = [.. loaded.Select(url => url.Split('?')[1])];
        CollectionAssert.AreEqual((string[])["part=embedding", "part=head", "part=head"], parts);
        app.AssertQuiet();

        FilePayload Coloured(int label) => new() { Name = "picture.png", MimeType = "image/png", Buffer = TinyImages.Encode(label, 96, random) };
    }

    [TestMethod]
    public async Task UnlabelledImagesCountAndFilesAreTakenAlong()
    {
        using var folder = new TemporaryFolder();
        var files = Enumerable.Range(0, 3).Select(i => Picture(folder, i)).ToArray();
        await using var app = await AppPage.Open("teach");
        await app.Control(AriaRole.Button, "Show me").ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 9 examples");
        await app.Page.GetByLabel("Add unlabelled image files").SetInputFilesAsync(files);
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("9 examples and 3 unlabelled");
        foreach (var (name, least) in new[] { ("classifier.zip", 10_000), ("classifier.onnx", 10_000) })
        {
            var download = await app.Page.RunAndWaitForDownloadAsync(() => app.Page.Locator(".take").GetByText(name).ClickAsync());
            await download.SaveAsAsync(folder[name]);
            Assert.IsGreaterThan(least, new FileInfo(folder[name]).Length, name);
        }

        app.AssertQuiet();
    }

    [TestMethod]
    public async Task PastedImagesGoToTheClassThatHasTheFocus()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.Locator(".card-head input").First.FocusAsync();
        await app.Page.EvaluateAsync(PastePicture);
        await Expect(app.Page.Locator(".card").First.Locator(".example")).ToHaveCountAsync(1);
        await Expect(app.Page.Locator(".card").First.Locator(".count")).ToHaveTextAsync("1 example");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task PhotographsOfPaperBecomeInkOnWhiteOnRequest()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["photograph.png"], PngFile.Encode(120, 120, (x, y) => Math.Abs(x - 60) < 4 && y is > 20 and < 100
            ? ((byte)50, (byte)45, (byte)45) : ((byte)(200 - x / 3), (byte)(195 - x / 3), (byte)(180 - y / 3))));
        await using var app = await AppPage.Open("teach");
        await app.Page.GetByLabel("Add image files to this class").First.SetInputFilesAsync(folder["photograph.png"]);
        await app.Control(AriaRole.Button, "Ink on paper").ClickAsync();
        await app.Until(CornerAndStroke, new[] { 255, 0 });
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task ExamplesOutliveAReloadAndAFreshStart()
    {
        await using var app = await AppPage.Open("teach");
        await app.Control(AriaRole.Button, "Show me").ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 9 examples");
        await app.Page.ReloadAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 9 examples");
        await Expect(app.Page.Locator(".card-head input").First).ToHaveValueAsync("Hook");

        await app.Control(AriaRole.Button, "Start over").ClickAsync();
        await Expect(app.Page.Locator(".example")).ToHaveCountAsync(0);
        await app.Control(AriaRole.Button, "Undo").ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("3 classes from 9 examples");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task NoneOfTheseIsAnAnswerOnTheServerAndInTheBrowserAndOneClassIsEnoughThen()
    {
        await using var app = await AppPage.Open("teach");
        await Name(app, 0, "stick");
        await Expect(app.Control(AriaRole.Switch, "None of these")).Not.ToBeCheckedAsync();
        await app.Control(AriaRole.Switch, "None of these").ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("An example in one class");
        await AddDrawing(app, 0, Upright);
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("1 class from 1 example");
        await app.Draw(app.Page.Locator(".tester canvas"), Upright);
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("stick");
        await Expect(app.Control(AriaRole.Button, "Why?")).ToBeHiddenAsync(); // there is no other class to compare with

        await AddDrawing(app, 1, [(0.1f, 0.5f), (0.9f, 0.48f)]);
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("2 classes from 2 examples");
        await Expect(app.Control(AriaRole.Button, "Why?")).ToBeVisibleAsync();
        await app.Control(AriaRole.Button, "Clear the drawing pad").Last.ClickAsync();
        await app.Draw(app.Page.Locator(".tester canvas"), Ring);
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("None of these");
        await Expect(app.Page.Locator(".score.best")).ToContainTextAsync("None of these");
        await Expect(app.Page.Locator(".score.best .bar i")).Not.ToHaveCSSAsync("background-color", "rgba(0, 0, 0, 0)");
        await Expect(app.Control(AriaRole.Button, "Why?")).ToBeHiddenAsync(); // nothing spoke for a class
        await app.Screenshot("teach-none");

        await app.Page.GetByLabel("Run in the browser").CheckAsync();
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("in this browser");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("None of these");
        var scores = await app.Page.Locator(".scores").InnerTextAsync();
        await app.Page.GetByLabel("Run in the browser").UncheckAsync();
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("on the server");
        Assert.AreEqual(scores, await app.Page.Locator(".scores").InnerTextAsync());

        await app.Page.ReloadAsync();
        await Expect(app.Control(AriaRole.Switch, "None of these")).ToBeCheckedAsync();
        await app.Draw(app.Page.Locator(".tester canvas"), Ring);
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("None of these");
        await app.Control(AriaRole.Switch, "None of these").ClickAsync();
        await Expect(app.Page.Locator(".verdict b")).Not.ToHaveTextAsync("None of these");
        await Expect(app.Page.Locator(".score").Filter(new() { HasText = "None of these" })).ToBeHiddenAsync();
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task AGeneratorThatCannotRejectWithSoFewExamplesSaysSo()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.RouteAsync("**/api/classifiers?rejectUnknown=true", route => route.FulfillAsync(new()
        {
            Status = 400,
            ContentType = "application/problem+json",
            Body = "{\"status\":400,\"detail\":\"It needs a class with at least 2 examples here.\"}",
        }));
        await app.Control(AriaRole.Switch, "None of these").ClickAsync();
        await AddDrawing(app, 0, Upright);
        await Expect(app.Page.Locator(".made")).ToHaveTextAsync("It needs a class with at least 2 examples here.");
        await AddDrawing(app, 1, Ring);
        await app.Control(AriaRole.Switch, "None of these").ClickAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync("2 classes from 2 examples");
    }

    [TestMethod]
    public async Task WhatSpokeForAnAnswerIsShownUntilThePictureOrTheClassifierIsAnother()
    {
        await using var app = await AppPage.Open("teach");
        var (why, drawn) = (app.Control(AriaRole.Button, "Why?"), app.Page.GetByAltText("What spoke for the answer"));
        await Expect(why).ToBeHiddenAsync();
        await app.Control(AriaRole.Button, "Show me").ClickAsync();
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("Gate");
        await why.ClickAsync();
        await Expect(drawn).ToBeVisibleAsync();
        await Expect(why).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(app.Page.GetByText("Orange spoke for the answer")).ToBeVisibleAsync();
        Assert.IsTrue(await drawn.EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth > 0; }"));
        await app.Screenshot("teach-why");
        await why.PressAsync("Enter");
        await Expect(drawn).ToBeHiddenAsync();
        await Expect(why).ToHaveAttributeAsync("aria-pressed", "false");

        await why.PressAsync(" ");
        await Expect(drawn).ToBeVisibleAsync();
        await app.Draw(app.Page.Locator(".tester canvas"), Upright); // through the drawing
        await Expect(drawn).ToBeHiddenAsync();
        await Expect(why).ToHaveAttributeAsync("aria-pressed", "false");
        await why.ClickAsync();
        await Expect(drawn).ToBeVisibleAsync();
        await app.Control(AriaRole.Button, "Remove example 1").First.ClickAsync(new() { Force = true });
        await Expect(drawn).ToBeHiddenAsync();

        await Expect(why).ToBeVisibleAsync();
        await app.Control(AriaRole.Button, "Clear the drawing pad").Last.ClickAsync();
        await Expect(why).ToBeHiddenAsync();
        app.AssertQuiet();
    }

    private static async Task Name(AppPage app, int number, string name)
    {
        await app.Page.Locator(".card-head input").Nth(number).FillAsync(name);
        await app.Page.Keyboard.PressAsync("Enter");
    }

    private static async Task AddDrawing(AppPage app, int number, (float X, float Y)[] points)
    {
        var card = app.Page.Locator(".card").Nth(number);
        await app.Draw(card.Locator("canvas"), points);
        await card.GetByRole(AriaRole.Button, new() { Name = "Add the drawing as an example" }).ClickAsync();
        await Expect(card.Locator(".example")).ToHaveCountAsync(1);
    }

    private static string Picture(TemporaryFolder folder, int number)
    {
        var file = folder[$"{number}.png"];
        File.WriteAllBytes(file, PngFile.Encode(40, 40, (x, y) => Math.Abs(x - 20 - number) < 3 ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255)));
        return file;
    }

    [GeneratedRegex(@"^[\d.,]+ms$")]
    private static partial Regex Milliseconds();

    /// <summary>Whether the first example is this bright in its corner, and in the middle.</summary>
    private const string CornerAndStroke = """
        async ([corner, middle]) => {
          const { contextOf, paper } = await import('/js/images/picture.js');
          const image = document.querySelector('.example img');
          await image.decode();
          const canvas = paper(image.naturalWidth, image.naturalHeight);
          contextOf(canvas).drawImage(image, 0, 0);
          const at = (x, y) => contextOf(canvas).getImageData(x, y, 1, 1).data[0];
          return at(5, 5) === corner && at(60, 60) === middle;
        }
        """;

    private const string PastePicture = """
        async () => {
          const { paper, pngOf } = await import('/js/images/picture.js');
          const data = new DataTransfer();
          data.items.add(new File([await pngOf(paper(40, 30))], 'pasted.png', { type: 'image/png' }));
          document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }
        """;

    /// <summary>Makes a classifier, and asks the server and the browser about drawings of several sizes.</summary>
    private const string LargestDifference = """
        async () => {
          const { api } = await import('/js/api.js');
          const { LocalClassifier } = await import('/js/teach/local.js');
          const { sampleSymbols } = await import('/js/teach/symbols.js');
          const { base64Of, contextOf, paper, pngOf } = await import('/js/images/picture.js');
          const { classes } = sampleSymbols();
          const made = await api.createClassifier({ classes: await Promise.all(classes.map(async ({ name, drawings }) =>
            ({ name, images: await Promise.all(drawings.map(async drawing => base64Of(await pngOf(drawing)))) }))) });
          const local = await LocalClassifier.load({ ...made, names: made.classes.map(one => one.name) });
          let largest = 0;
          for (const [width, height] of [[280, 280], [28, 28], [105, 60], [19, 31], [400, 300]]) {
            const canvas = paper(width, height);
            const { question } = sampleSymbols();
            contextOf(canvas).drawImage(question, 0, 0, width, height);
            const [there, here] = [await api.predictWithClassifier(made.id, await pngOf(canvas)), await local.predict(canvas)];
            for (const score of there.scores) {
              largest = Math.max(largest, Math.abs(score.probability - here.scores.find(other => other.label === score.label).probability));
            }
          }
          return largest;
        }
        """;
}
