using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MLExt.BrowserTests;

[TestClass]
public sealed class AccessibilityTests
{
    [TestMethod]
    [DataRow("train", false, false)]
    [DataRow("teach", false, false)]
    [DataRow("train", true, true)]
    [DataRow("teach", true, true)]
    public async Task EveryControlHasANameTextIsReadableAndNothingIsCutOff(string tab, bool isDark, bool isPhone)
    {
        await using var app = await AppPage.Open(tab, isDark, isPhone);
        await app.Control(AriaRole.Button, tab == "teach" ? "Show me" : "Draw sample images").ClickAsync();
        await Expect(app.Page.Locator(tab == "teach" ? ".made .ms" : ".class-row").First).ToBeVisibleAsync();
        await app.Screenshot($"{tab}{(isDark ? "-dark" : "")}{(isPhone ? "-phone" : "")}", isWholePage: isPhone);

        var faults = await app.Page.EvaluateAsync<string[]>(Faults);
        Assert.AreEqual("", string.Join(Environment.NewLine, faults));
        app.AssertQuiet();
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, true)]
    public async Task SoItIsWithTheCameraOnANameThatIsRefusedAndLongNames(bool isDark, bool isPhone)
    {
        await using var app = await AppPage.Open("teach", isDark, isPhone);
        await app.Control(AriaRole.Button, "Show me").ClickAsync();
        await Expect(app.Page.Locator(".made .ms")).ToBeVisibleAsync();
        var names = app.Page.GetByLabel("Name of the class");
        await names.Nth(2).FillAsync(string.Concat(Enumerable.Repeat("مرحبا", 40)));
        await names.Nth(2).PressAsync("Enter");
        await app.Control(AriaRole.Button, "Camera").Last.ClickAsync(); // of the tester
        await Expect(app.Page.Locator(".tester .camera-tools")).ToContainTextAsync("frames per second");
        await app.Control(AriaRole.Button, "Camera").First.ClickAsync();
        await Expect(app.Control(AriaRole.Button, "Hold to record")).ToBeEnabledAsync();
        await names.Nth(1).FillAsync("Hook");
        await Expect(app.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await app.Screenshot($"teach-recording{(isDark ? "-dark" : "")}{(isPhone ? "-phone" : "")}", isWholePage: isPhone);

        Assert.AreEqual("", string.Join(Environment.NewLine, await app.Page.EvaluateAsync<string[]>(Faults)));
        Assert.AreEqual("", string.Join(Environment.NewLine, await app.Page.EvaluateAsync<string[]>(Overlaps)));
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task TheKeyboardAloneReachesBothTabsAndDraws()
    {
        await using var app = await AppPage.Open("train");
        await app.Page.Keyboard.PressAsync("Tab");
        await Expect(app.Page.Locator(".skip")).ToBeFocusedAsync();
        await app.Page.Keyboard.PressAsync("Tab");
        await app.Page.Keyboard.PressAsync("Tab");
        await Expect(app.Control(AriaRole.Tab, "Train")).ToBeFocusedAsync();
        await app.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(app.Control(AriaRole.Tab, "Teach by example")).ToBeFocusedAsync();
        await Expect(app.Page.Locator("#panel-teach")).ToBeVisibleAsync();
        await Expect(app.Page.Locator("#panel-train")).ToBeHiddenAsync();

        await app.Page.Locator(".card canvas").First.FocusAsync();
        foreach (var key in new[] { " ", "ArrowDown", "ArrowDown", "ArrowRight", "Enter" })
        {
            await app.Page.Keyboard.PressAsync(key);
        }

        await Expect(app.Page.Locator(".card").First.Locator(".example")).ToHaveCountAsync(1);
        app.AssertQuiet();
    }

    [TestMethod]
    public async Task TheColoursCanBeChosenAndAreRemembered()
    {
        await using var app = await AppPage.Open("train");
        await app.Control(AriaRole.Button, "Colours: as the system").ClickAsync();
        await app.Control(AriaRole.Button, "Colours: light").ClickAsync();
        await app.Page.ReloadAsync();
        await Expect(app.Control(AriaRole.Button, "Colours: dark")).ToBeVisibleAsync();
        Assert.AreEqual("dark", await app.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme"));
    }

    /// <summary>Parts of the tester that lie over the one before.</summary>
    private const string Overlaps = """
        () => {
          const shown = [...document.querySelector('.tester').children].filter(part => part.checkVisibility());
          const bottom = part => Math.max(...[part, ...part.querySelectorAll('b, small, button')].map(element => element.getBoundingClientRect().bottom));
          return shown.slice(1).filter((part, i) => part.getBoundingClientRect().top < bottom(shown[i])).map(part => part.className);
        }
        """;

    /// <summary>Controls without a name, ids that are there twice, images without a text, pale text, and a page wider than its window.</summary>
    private const string Faults = """
        () => {
          const faults = [];
          const isShown = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
          const nameOf = element => (element.getAttribute('aria-label') ?? '') + (document.getElementById(element.getAttribute('aria-labelledby'))?.textContent ?? '')
            + [...element.labels ?? []].map(label => label.textContent).join('') + (element.tagName === 'INPUT' ? '' : element.textContent);
          for (const element of document.querySelectorAll('button, a[href], input, select, textarea, canvas[tabindex], [role=region]')) {
            if (isShown(element) && !nameOf(element).trim()) faults.push(`no name: ${element.outerHTML.slice(0, 120)}`);
          }
          const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
          faults.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map(id => `id twice: ${id}`));
          faults.push(...[...document.querySelectorAll('img:not([alt])')].map(image => `no alt: ${image.src}`));
          faults.push(...[...document.querySelectorAll('[tabindex]')].filter(element => element.tabIndex > 0).map(element => `tab order: ${element.outerHTML.slice(0, 80)}`));

          const channels = text => {
            const context = document.createElement('canvas').getContext('2d');
            context.fillStyle = text;
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data];
          };
          const luminance = rgb => rgb.slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const groundOf = element => {
            for (let at = element; at; at = at.parentElement) {
              const colour = channels(getComputedStyle(at).backgroundColor);
              if (colour[3] > 200) return colour;
            }
            return [255, 255, 255];
          };
          const isDimmed = element => { for (let at = element; at; at = at.parentElement) if (Number(getComputedStyle(at).opacity) < 1) return true; return false; };
          for (const element of document.querySelectorAll('main *, header *')) {
            const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            if (!hasText || !isShown(element) || isDimmed(element) || element.closest('.visually-hidden')) continue;
            const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(groundOf(element))];
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
          }
          if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} pixels wide, the window ${innerWidth}`);
          return faults;
        }
        """;
}
