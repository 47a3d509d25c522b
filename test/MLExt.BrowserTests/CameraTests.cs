using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MLExtensions.Testing;
using static Microsoft.Playwright.Assertions;

namespace MLExt.BrowserTests;

/// <summary>Teaching and trying with the camera, which is drawn by the browser itself.</summary>
[TestClass]
public sealed partial class CameraTests
{
    [TestMethod]
    public async Task PicturesAreTakenWhileTheButtonIsHeldAndTheClassifierIsMadeOnceItIsLetGo()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.GetByLabel("Add image files to this class").First.SetInputFilesAsync(Stroke());
        await Expect(Card(app, 0).Locator(".example")).ToHaveCountAsync(1);
        await OpenCamera(app, 1);
        await app.Screenshot("teach-camera");
        var made = Requests(app, "/api/classifiers");

        await Hold(app, 1).HoverAsync();
        var start = await Now(app);
        await app.Page.Mouse.DownAsync();
        await app.Until("document.querySelectorAll('.card')[1].querySelectorAll('.example').length >= 7");
        Assert.IsGreaterThan(950, await Now(app) - start, "milliseconds for seven pictures, six in a second");
        Assert.IsEmpty(made, "A classifier was made while the button was held.");
        await app.Page.Mouse.UpAsync();
        await Expect(app.Page.Locator(".made .ms")).ToBeVisibleAsync();
        Assert.HasCount(1, made);
        var taken = await Card(app, 1).Locator(".example").CountAsync();
        await Expect(app.Page.Locator(".made")).ToContainTextAsync($"2 classes from {taken + 1} examples");
        await Expect(Card(app, 1).Locator(".count")).ToHaveTextAsync($"{taken} examples");
        app.AssertQuiet();
    }

    [TestMethod]
    [DataRow(" ")]
    [DataRow("Enter")]
    public async Task AKeyHoldsTheButtonAsAFingerDoesAndAClickOfAssistiveSoftwareTakesOnePicture(string key)
    {
        await using var app = await AppPage.Open("teach");
        await OpenCamera(app, 0);
        await Hold(app, 0).FocusAsync();
        await app.Page.Keyboard.DownAsync(key);
        await app.Until("document.querySelectorAll('.example').length >= 3");
        await app.Page.Keyboard.UpAsync(key);
        await Expect(Card(app, 0).Locator(".hold.held")).ToHaveCountAsync(0);
        var taken = await Card(app, 0).Locator(".example").CountAsync();

        await Hold(app, 0).EvaluateAsync("button => button.click()");
        await Expect(Card(app, 0).Locator(".hold.held")).ToHaveCountAsync(0);
        await Expect(Card(app, 0).Locator(".example")).ToHaveCountAsync(taken + 1);
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task AFullClassEndsTheRecordingAndSaysSo()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.GetByLabel("Add image files to this class").First.SetInputFilesAsync(Enumerable.Repeat(Stroke(), 98));
        await Expect(Card(app, 0).Locator(".count")).ToHaveTextAsync("98 examples");
        await OpenCamera(app, 0);
        await Expect(Card(app, 0).Locator(".camera-tools")).ToContainTextAsync("6 pictures a second while you hold it, up to 100");
        await Hold(app, 0).HoverAsync();
        await app.Page.Mouse.DownAsync();
        await Expect(app.Page.Locator(".toast")).ToContainTextAsync("At most 100 images a class.");
        await Expect(Card(app, 0).Locator(".count")).ToHaveTextAsync("100 examples");
        await app.Page.Mouse.UpAsync();
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task AllShareOneCameraWhichIsReleasedWithTheLastAndWhenTheTabIsLeft()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.EvaluateAsync(NoteStreams);
        await OpenCamera(app, 0);
        await app.Page.Locator(".tester").GetByRole(AriaRole.Button, new() { Name = "Camera" }).ClickAsync();
        await app.Until("document.querySelector('.tester video').videoWidth > 0");
        await OpenCamera(app, 1);
        await Expect(Hold(app, 0)).ToBeHiddenAsync();
        Assert.AreEqual("live", await Streams(app));
        await CameraOf(app.Page.Locator(".tester")).ClickAsync();
        Assert.AreEqual("live", await Streams(app));
        await CameraOf(Card(app, 1)).ClickAsync();
        await app.Until("streams[0].getTracks()[0].readyState === 'ended'");

        await OpenCamera(app, 1);
        Assert.AreEqual("ended live", await Streams(app));
        await app.Control(AriaRole.Tab, "Train").ClickAsync();
        await app.Until("streams[1].getTracks()[0].readyState === 'ended'");
        await app.Control(AriaRole.Tab, "Teach by example").ClickAsync();
        await Expect(Card(app, 1).Locator("canvas")).ToBeVisibleAsync();
        await Expect(Hold(app, 1)).ToBeHiddenAsync();

        await OpenCamera(app, 1);
        await app.Page.EvaluateAsync("() => { Object.defineProperty(document, 'hidden', { value: true }); document.dispatchEvent(new Event('visibilitychange')); }");
        await app.Until("streams[2].getTracks()[0].readyState === 'ended'");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task ACameraThatIsTakenAwayIsSaid()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.EvaluateAsync(NoteStreams);
        await OpenCamera(app, 0);
        await app.Page.EvaluateAsync("streams[0].getTracks()[0].dispatchEvent(new Event('ended'))");
        await Expect(app.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The camera was switched off or taken away.");
        await Expect(Hold(app, 0)).ToBeHiddenAsync();

        await app.Page.EvaluateAsync("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"); // as on a page of another computer without https
        await CameraOf(Card(app, 0)).ClickAsync();
        await Expect(app.Page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync("pages of this computer (localhost)");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task OfTwoCamerasOneIsChosenForAllWhoLook()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.EvaluateAsync(NoteStreams);
        await OpenCamera(app, 0);
        var choice = Card(app, 0).GetByLabel("Which camera");
        await Expect(choice.Locator("option")).ToHaveCountAsync(2);
        var other = await choice.EvaluateAsync<string>("choice => [...choice.options].find(option => !option.selected).value");
        await choice.SelectOptionAsync(other);
        await app.Until("streams.length === 2");
        await app.Until("id => streams[1].getTracks()[0].getSettings().deviceId === id", other);
        Assert.AreEqual("ended live", await Streams(app));
        await app.Until("document.querySelector('.card video').srcObject === streams[1]");
        await Expect(choice).ToHaveValueAsync(other);
        app.AssertQuiet();
    }

    [TestMethod]
    [DataRow(nameof(Camera.Refused), "The browser was not allowed to use the camera. Allow it for this page, and try again.")]
    [DataRow(nameof(Camera.None), "There is no camera on this device.")]
    public async Task WhoHasNoCameraIsToldWhyAndKeepsThePad(string camera, string why)
    {
        await using var app = await AppPage.Open("teach", camera: Enum.Parse<Camera>(camera));
        foreach (var place in new[] { Card(app, 0), app.Page.Locator(".tester") })
        {
            await CameraOf(place).ClickAsync();
            await Expect(app.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(why);
            await app.Control(AriaRole.Button, "Close this message").ClickAsync();
            await Expect(place.Locator("video")).ToBeHiddenAsync();
            await Expect(CameraOf(place)).ToHaveAttributeAsync("aria-pressed", "false");
        }

        await app.Draw(Card(app, 0).Locator("canvas"), (0.5f, 0.1f), (0.5f, 0.9f));
        await Expect(Card(app, 0).GetByRole(AriaRole.Button, new() { Name = "Add the drawing as an example" })).ToBeEnabledAsync();
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task TheBrowserSaysWhatTheCameraSeesAndNoPictureLeavesIt()
    {
        await using var app = await AppPage.Open("teach");
        var asked = Requests(app, "/predict");
        await TeachWithCamera(app);
        await CameraOf(app.Page.Locator(".tester")).ClickAsync();
        await Expect(app.Page.Locator(".tester .camera-tools")).ToContainTextAsync("frames per second");
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("in this browser");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("seen");
        await Expect(app.Page.GetByLabel("Run in the browser")).ToBeCheckedAsync();
        await Expect(app.Page.GetByLabel("Run in the browser")).ToBeDisabledAsync();
        await app.Screenshot("teach-live");

        // What is changed meanwhile is what answers next.
        await Rename(app, 1, "looked at");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("looked at");

        await CameraOf(app.Page.Locator(".tester")).ClickAsync();
        await Expect(app.Page.Locator(".tester video")).ToBeHiddenAsync();
        await Rename(app, 0, "stroke");
        await Expect(app.Page.Locator(".scores")).ToContainTextAsync("stroke");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync(LastPicture()); // whichever its moment looks like
        await app.Page.GetByLabel("Run in the browser").UncheckAsync();
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("Which one is it?");
        Assert.IsEmpty(asked, "The server was asked about a picture.");
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task WhatTheCameraSawAndWhatTheBrowserAnsweredIsNotExplainedByTheServer()
    {
        await using var app = await AppPage.Open("teach");
        var (asked, why, inBrowser) = (Requests(app, "/explain"), app.Control(AriaRole.Button, "Why?"), app.Page.GetByLabel("Run in the browser"));
        await TeachWithCamera(app);
        await app.Page.GetByLabel("Choose an image to try").SetInputFilesAsync(Stroke());
        await Expect(why).ToBeVisibleAsync();
        await inBrowser.CheckAsync();
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("in this browser");
        await Expect(why).ToBeHiddenAsync();
        await inBrowser.UncheckAsync();
        await Expect(why).ToBeVisibleAsync();

        await CameraOf(app.Page.Locator(".tester")).ClickAsync();
        await Expect(app.Page.Locator(".tester .camera-tools")).ToContainTextAsync("frames per second");
        await Expect(why).ToBeHiddenAsync();
        await CameraOf(app.Page.Locator(".tester")).ClickAsync();
        await Expect(app.Page.Locator(".tester video")).ToBeHiddenAsync();
        await Expect(why).ToBeHiddenAsync();
        await inBrowser.UncheckAsync();
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("Which one is it?");
        await Expect(why).ToBeHiddenAsync();
        var predicted = Requests(app, "/predict");
        await app.Draw(app.Page.Locator(".tester canvas"), (0.5f, 0.1f), (0.5f, 0.9f)); // over what the camera saw
        await Rename(app, 1, "looked at");
        await Expect(app.Page.Locator(".scores")).ToContainTextAsync("looked at");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("Which one is it?");
        await Expect(why).ToBeHiddenAsync();
        Assert.IsEmpty(asked.Concat(predicted), "The server was asked about a picture.");

        await app.Control(AriaRole.Button, "Clear the drawing pad").Last.ClickAsync();
        await app.Draw(app.Page.Locator(".tester canvas"), (0.5f, 0.1f), (0.5f, 0.9f));
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("on the server");
        await Expect(why).ToBeVisibleAsync();
        await app.Page.GetByLabel("Choose an image to try").SetInputFilesAsync(Stroke());
        await Expect(why).ToBeVisibleAsync();
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task WithoutTheRuntimeTheServerAnswersAndThePageSaysSo()
    {
        await using var app = await AppPage.Open("teach");
        await app.Page.RouteAsync("**/lib/ort.*", route => route.FulfillAsync(new() { Status = 200, ContentType = "text/javascript", Body = "throw new Error('none');" }));
        await TeachWithCamera(app);
        await CameraOf(app.Page.Locator(".tester")).ClickAsync();
        await Expect(app.Page.Locator(".where")).ToContainTextAsync("does not have onnxruntime-web");
        await Expect(app.Page.Locator(".where")).ToContainTextAsync("The server answers, and is sent what the camera sees.");
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("on the server");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("seen");
        await Rename(app, 1, "looked at");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("looked at");
        await Expect(app.Page.Locator(".where")).ToContainTextAsync("The server answers, and is sent what the camera sees.");
        await Expect(app.Control(AriaRole.Button, "Why?")).ToBeHiddenAsync(); // the next picture comes at once
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task ALargeClassifierIsLoadedOnceWithItsProgressAndBesideThePage()
    {
        await using var app = await AppPage.Open("teach");
        var loads = 0;
        var (isAsked, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        await app.Page.RouteAsync("**/classifier.onnx", async route =>
        {
            if (Interlocked.Increment(ref loads) == 1)
            {
                isAsked.SetResult();
                await never.Task; // the page has to break it off
                return;
            }

            var response = await route.FetchAsync();
            await route.FulfillAsync(new() { Status = 200, ContentType = "application/octet-stream", BodyBytes = Padded(await response.BodyAsync()) });
        });
        await TeachWithCamera(app);
        await app.Page.EvaluateAsync(NoteProgress);
        await CameraOf(app.Page.Locator(".tester")).ClickAsync();
        await isAsked.Task;

        await Rename(app, 1, "looked at");
        await Expect(app.Page.Locator(".verdict b")).ToHaveTextAsync("looked at");
        await Expect(app.Page.Locator(".verdict small")).ToContainTextAsync("in this browser");
        await Expect(app.Page.Locator(".tester progress")).ToBeHiddenAsync();
        Assert.IsGreaterThan(Padding, await app.Page.EvaluateAsync<int>("largest"), "what the progress bar counted to");
        Assert.AreEqual(2, loads);
        Assert.HasCount(1, app.Page.Workers);
        never.SetResult();
        app.AssertQuiet();
    }

    /// <summary>One class from a file, and one from the camera, called "seen".</summary>
    private static async Task TeachWithCamera(AppPage app)
    {
        await app.Page.GetByLabel("Add image files to this class").First.SetInputFilesAsync(Stroke());
        await Rename(app, 1, "seen");
        await OpenCamera(app, 1);
        await Hold(app, 1).ClickAsync();
        await Expect(app.Page.Locator(".made .ms")).ToBeVisibleAsync();
    }

    private static async Task Rename(AppPage app, int number, string name)
    {
        var field = Card(app, number).GetByLabel("Name of the class");
        await field.FillAsync(name);
        await field.PressAsync("Enter");
    }

    private static async Task OpenCamera(AppPage app, int number)
    {
        await CameraOf(Card(app, number)).ClickAsync();
        await Expect(Hold(app, number)).ToBeEnabledAsync();
    }

    private static ILocator Card(AppPage app, int number) => app.Page.Locator(".card").Nth(number);

    private static ILocator CameraOf(ILocator place) => place.GetByRole(AriaRole.Button, new() { Name = "Camera", Exact = true });

    private static ILocator Hold(AppPage app, int number) => Card(app, number).Locator(".hold");

    private static Task<double> Now(AppPage app) => app.Page.EvaluateAsync<double>("performance.now()");

    private static Task<string> Streams(AppPage app) => app.Page.EvaluateAsync<string>("streams.map(stream => stream.getTracks()[0].readyState).join(' ')");

    /// <summary>The requests from now on that change or ask something at an address.</summary>
    private static ConcurrentQueue<string> Requests(AppPage app, string part)
    {
        var seen = new ConcurrentQueue<string>();
        app.Page.Request += (_, request) =>
        {
            if (request.Method is "POST" or "PUT" && request.Url.Contains(part, StringComparison.Ordinal))
            {
                seen.Enqueue(request.Url);
            }
        };
        return seen;
    }

    private static FilePayload Stroke() => new()
    {
        Name = "stroke.png",
        MimeType = "image/png",
        Buffer = PngFile.Encode(40, 40, (x, _) => Math.Abs(x - 20) < 3 ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255)),
    };

    [GeneratedRegex("^(stroke|looked at)$")]
    private static partial Regex LastPicture();

    private const int Padding = 8_000_000;

    /// <summary>A graph with a large field behind it that nobody reads: number 1000, of bytes.</summary>
    private static byte[] Padded(byte[] graph) => [.. graph, 0xc2, 0x3e, .. Length(Padding), .. new byte[Padding]];

    // As protocol buffers write numbers.
    private static IEnumerable<byte> Length(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }

    private const string NoteProgress = """
        () => {
          window.largest = 0;
          const bar = document.querySelector('.tester progress');
          new MutationObserver(() => { if (!bar.hidden) largest = Math.max(largest, bar.max); }).observe(bar, { attributes: true });
        }
        """;

    private const string NoteStreams = """
        () => {
          window.streams = [];
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async wishes => { const stream = await open(wishes); streams.push(stream); return stream; };
        }
        """;
}
