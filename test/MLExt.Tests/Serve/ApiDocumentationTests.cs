using System.Text.RegularExpressions;
using MLExt.Tests.Documentation;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed partial class ApiDocumentationTests
{
    [TestMethod]
    public void TheTableOfTheGuideHasEveryAddressOfTheApi()
    {
        using var client = TestServer.Client;
        var addresses = client.Get("/openapi/v1.json").GetProperty("paths").EnumerateObject().Select(path => path.Name)
            .Where(path => !path.Contains("/files/", StringComparison.Ordinal)).Append("/api/trainings/{id}/files/model.zip").ToArray();
        var told = Address().Matches(File.ReadAllText(RepositoryFiles.At("docs", "app.md"))).Select(match => match.Groups[1].Value).ToArray();
        CollectionAssert.AreEquivalent(addresses, told);
    }

    [GeneratedRegex("^\\| `(/api/[^`]*)` \\|", RegexOptions.Multiline)]
    private static partial Regex Address();
}
