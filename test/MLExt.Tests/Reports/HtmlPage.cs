using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLExt.Tests.Reports;

/// <summary>A report as a browser would take it, to be asked what it shows. Reports are well-formed XML but for elements that have no end.</summary>
internal sealed partial class HtmlPage
{
    private readonly XDocument _document;

    /// <summary>Reads a page; fails when an element is not closed or is closed twice.</summary>
    public HtmlPage(string html)
    {
        Text = html;
        _document = XDocument.Parse(Unclosed().Replace(html, "$0</$1>").Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
    }

    /// <summary>The file's text.</summary>
    public string Text { get; }

    /// <summary>Headings of the second order.</summary>
    public IReadOnlyList<string> Sections => [.. _document.Descendants("h2").Select(h => h.Value)];

    /// <summary>Elements by their name.</summary>
    public IReadOnlyList<XElement> All(string name) => [.. _document.Descendants(name)];

    /// <summary>The part under a heading.</summary>
    public XElement Section(string title) => _document.Descendants("section").Single(s => s.Element("h2")!.Value == title);

    /// <summary>Fails where the page would load, run or send anything.</summary>
    public void CheckIsSelfContained()
    {
        Assert.IsEmpty(All("script"));
        Assert.IsEmpty(All("link"));
        Assert.DoesNotContain("http://", Text);
        Assert.DoesNotContain("https://", Text);
        Assert.IsTrue(All("img").All(i => i.Attribute("src")!.Value.StartsWith("data:image/png;base64,iVBORw0KGgo", StringComparison.Ordinal)));
        Assert.IsTrue(All("img").All(i => i.Attribute("alt")!.Value.Length > 0));
        StringAssert.Contains(Text, "default-src 'none'");
    }

    [GeneratedRegex("<(meta|img)\\b[^>]*>")]
    private static partial Regex Unclosed();
}
