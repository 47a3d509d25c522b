using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace MLExt.Tests.Packages;

[TestClass]
public sealed class PackageContentTests
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
    private static readonly string[] Libraries = ["Microsoft.ML.Distributed", "Microsoft.ML.FewShot", "Microsoft.ML.FewShot.Hosting", "Microsoft.ML.TTT"];

    [TestMethod]
    public void PackingTheSolutionMakesEveryLibraryAndAToolForEachSystemWithTheirSymbols()
    {
        string[] expected = [.. Libraries.Concat(["mlext", $"mlext.{PackedFeed.Rid}"]).SelectMany(id => (string[])[$"{id}.{PackedFeed.Version}.nupkg", $"{id}.{PackedFeed.Version}.snupkg"])];
        CollectionAssert.AreEquivalent(expected, PackedFeed.Files.ToArray());
    }

    [TestMethod]
    [DataRow("Microsoft.ML.Distributed")]
    [DataRow("Microsoft.ML.FewShot")]
    [DataRow("Microsoft.ML.FewShot.Hosting")]
    [DataRow("Microsoft.ML.TTT")]
    [DataRow("mlext")]
    public void APackageSaysWhatItIs(string id)
    {
        using var package = Open(id, "nupkg");
        var facts = Nuspec(package, id);
        Assert.AreEqual("MIT", Value(facts, "license"));
        Assert.AreEqual("MLExtensions contributors", Value(facts, "authors"));
        Assert.IsGreaterThan(40, Value(facts, "description").Length);
        Assert.IsGreaterThan(20, Value(facts, "tags").Length);
        Assert.AreEqual("git", facts.Descendants().Single(e => e.Name.LocalName == "repository").Attribute("type")?.Value);
        StringAssert.StartsWith(Text(package, Value(facts, "readme")), $"# {id}");
        Assert.IsGreaterThan(500L, package.GetEntry(Value(facts, "icon"))!.Length);
    }

    [TestMethod]
    [DataRow("Microsoft.ML.Distributed")]
    [DataRow("Microsoft.ML.FewShot")]
    [DataRow("Microsoft.ML.TTT")]
    public void ALibraryPackageHasTheSharedLibraryInItAndDocumentationOfBoth(string id)
    {
        using var package = Open(id, "nupkg");
        string[] expected = [.. ((string[])[id, "Microsoft.ML.VisionCore"]).SelectMany(name => (string[])[$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"])];
        CollectionAssert.AreEquivalent(expected, package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).ToArray());
        var needed = Nuspec(package, id).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).ToArray();
        CollectionAssert.IsSubsetOf((string[])["Microsoft.ML", "TorchSharp"], needed);
        Assert.IsFalse(needed.Any(name => name.StartsWith("Microsoft.ML.VisionCore", StringComparison.Ordinal) || Libraries.Contains(name)), string.Join(", ", needed));
    }

    [TestMethod]
    [DataRow("Microsoft.ML.Distributed")]
    [DataRow("Microsoft.ML.FewShot")]
    [DataRow("Microsoft.ML.TTT")]
    public void TheSymbolsOfALibraryHaveItsSourcesInThem(string id)
    {
        using var package = Open(id, "snupkg");
        foreach (var name in (string[])[id, "Microsoft.ML.VisionCore"])
        {
            using var file = package.GetEntry($"lib/net10.0/{name}.pdb")!.Open();
            using var provider = MetadataReaderProvider.FromPortablePdbStream(Copy(file));
            var symbols = provider.GetMetadataReader();
            Assert.AreNotEqual(0, symbols.Documents.Count);
            Assert.IsTrue(symbols.Documents.All(document => HasSource(symbols, document)), name);
        }
    }

    [TestMethod]
    public void TheHostingPackageNeedsOrleansAndNoTorch()
    {
        const string id = "Microsoft.ML.FewShot.Hosting";
        using var package = Open(id, "nupkg");
        CollectionAssert.AreEquivalent(
            (string[])[$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"],
            package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).ToArray());
        var needed = Nuspec(package, id).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).ToArray();
        CollectionAssert.IsSubsetOf((string[])["Microsoft.ML", "Microsoft.Orleans.Server"], needed);
        Assert.IsFalse(needed.Contains("TorchSharp"), string.Join(", ", needed));
    }

    private static bool HasSource(MetadataReader symbols, DocumentHandle document) => symbols.GetCustomDebugInformation(document)
        .Any(handle => symbols.GetGuid(symbols.GetCustomDebugInformation(handle).Kind) == EmbeddedSource);

    private static ZipArchive Open(string id, string extension) => ZipFile.OpenRead(PackedFeed.At($"{id}.{PackedFeed.Version}.{extension}"));

    private static XElement Nuspec(ZipArchive package, string id) => XElement.Parse(Text(package, $"{id}.nuspec"));

    private static string Value(XElement nuspec, string name) => nuspec.Descendants().Single(e => e.Name.LocalName == name).Value;

    private static string Text(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static MemoryStream Copy(Stream stream)
    {
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
