using System.Text.RegularExpressions;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed partial class LinkTests
{
    [TestMethod]
    public void EveryLinkToAFileLeadsSomewhere()
    {
        string[] pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "samples/README.md", "tools/mlext/README.md", .. Directory.GetFiles(RepositoryFiles.At("docs"), "*.md")];
        foreach (var page in pages.Select(p => RepositoryFiles.At(p)))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                var target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups["target"].Value);
                Assert.IsTrue(File.Exists(target) || Directory.Exists(target), $"{page} links to {target}.");
            }
        }
    }

    [GeneratedRegex(@"\]\((?<target>(?!https?:)[^)#]+)\)")]
    private static partial Regex Link();
}
