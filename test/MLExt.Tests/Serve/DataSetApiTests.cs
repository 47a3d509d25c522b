using System.IO.Compression;
using System.Net;
using System.Text.Json;
using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class DataSetApiTests
{
    private const string Path = "/api/datasets";

    [TestMethod]
    public void AZipFileIsLookedThrough()
    {
        using var client = TestServer.Client;
        var made = Upload(client, Zip(("set/many/", 30), ("set/few/", 2)));
        Assert.AreEqual("pictures", made.GetProperty("name").GetString());
        Assert.AreEqual(33, made.GetProperty("images").GetInt32());
        Assert.AreEqual(1, made.GetProperty("skipped").GetInt32());
        Assert.AreEqual(32, made.GetProperty("imageSize").GetInt32());
        var classes = made.GetProperty("classes").EnumerateArray().ToArray();
        CollectionAssert.AreEqual((string[])["few 2", "many 31"], classes.Select(c => $"{c.GetProperty("name").GetString()} {c.GetProperty("images").GetInt32()}").ToArray());
        var examples = classes[1].GetProperty("examples").EnumerateArray().Select(e => e.GetInt32()).ToArray();
        Assert.HasCount(6, examples);
        Assert.IsTrue(examples.All(e => e is >= 2 and < 33), string.Join(' ', examples));
        var warnings = string.Join('\n', made.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()));
        StringAssert.Contains(warnings, "fewer than 10 images: 'few' (2)");
        StringAssert.Contains(warnings, "'many' has 31 images and 'few' 2");
        StringAssert.Contains(warnings, "1 cannot be read or is too large, 'set/many/damaged.png' for instance");
        Assert.AreEqual(made.GetRawText(), client.Get($"{Path}/{Id(made)}").GetRawText());
    }

    [TestMethod]
    public void ImagesAreGivenAsTheyAreStored()
    {
        using var client = TestServer.Client;
        var made = Upload(client, Zip(("a/", 2), ("b/", 2)));
        using var response = client.Send(HttpMethod.Get, $"{Path}/{Id(made)}/images/1");
        Assert.AreEqual("image/png", response.Content.Headers.ContentType?.ToString());
        CollectionAssert.AreEqual(Glyph.Upright(1), response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
        StringAssert.Contains(client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Path}/{Id(made)}/images/4"), "4 images, numbered from 0");
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Path}/{Id(made)}/images/-1");
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Path}/{Id(made)}/images/x");
    }

    [TestMethod]
    public void AFolderOfThisMachineNeedNotBeSent()
    {
        using var client = TestServer.Client;
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["bars"], perClass: 3);
        var made = client.Ask(HttpStatusCode.Created, HttpMethod.Post, Path, Client.Json(new { folder = folder["bars"] }));
        Assert.AreEqual("bars", made.GetProperty("name").GetString());
        Assert.AreEqual(9, made.GetProperty("images").GetInt32());
        client.Ask(HttpStatusCode.NoContent, HttpMethod.Delete, $"{Path}/{Id(made)}");
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Path}/{Id(made)}");
        Assert.HasCount(9, Directory.GetFiles(folder["bars"], "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void OfTooManyTheLeastRecentlyUsedGoes()
    {
        using var client = TestServer.Client;
        var first = Upload(client, Zip(("a/", 1), ("b/", 1)));
        for (var i = 0; i < TestServer.Limits.DataSets; i++)
        {
            Upload(client, Zip(("a/", 1), ("b/", 1)));
        }

        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Path}/{Id(first)}");
        Assert.AreEqual(TestServer.Limits.DataSets, client.Get(Path).GetArrayLength());
    }

    [TestMethod]
    public void WhatIsNoDataSetIsRefusedWithTheReasonAndNothingOfItIsLeft()
    {
        using var client = TestServer.Client;
        using var folder = new TemporaryFolder();
        (HttpStatusCode, string, HttpContent)[] cases =
        [
            (HttpStatusCode.BadRequest, "'pictures.zip' is neither", Form("no zip file"u8.ToArray())),
            (HttpStatusCode.BadRequest, "'pictures.zip' holds no image", Form(Zip())),
            (HttpStatusCode.BadRequest, "leads out of the archive", Form(Zip(("../a/", 1), ("b/", 1)))),
            (HttpStatusCode.RequestEntityTooLarge, "has 6 classes; at most 5", Form(Zip([.. Enumerable.Range(0, 6).Select(i => ($"c{i}/", 1))]))),
            (HttpStatusCode.RequestEntityTooLarge, "more than 400000 bytes", Form(new byte[TestServer.Limits.UploadBytes + 1])),
            (HttpStatusCode.RequestEntityTooLarge, "larger than this address accepts", Form(new byte[TestServer.Limits.UploadBytes + (1 << 20)])),
            (HttpStatusCode.RequestEntityTooLarge, "larger than this address accepts: 65536 bytes", Client.Json(new { folder = new string('a', 1 << 16) })),
            (HttpStatusCode.BadRequest, "the field 'image'", Client.Form(("image", Glyph.Circle()))),
            (HttpStatusCode.BadRequest, "is cut off", BadImages.DamagedForm("zip")),
            (HttpStatusCode.BadRequest, "no whole path", Client.Json("{\"folder\": \"pictures\"}")),
            (HttpStatusCode.BadRequest, folder["none"], Client.Json(new { folder = folder["none"] })),
            (HttpStatusCode.BadRequest, "holds no image", Client.Json(new { folder = folder.Path })),
            (HttpStatusCode.BadRequest, "The JSON lacks 'folder'.", Client.Json("{}")),
            (HttpStatusCode.BadRequest, "is no path of a folder or a zip file", Client.Json("{\"folder\": \"/a\\u0000b\"}")),
            (HttpStatusCode.UnsupportedMediaType, "image/png", Client.Image(Glyph.Circle())),
        ];
        foreach (var (status, detail, content) in cases)
        {
            // As programs ask that upload much: who is refused by his length alone has not begun to send, and no connection is closed on him while he does.
            StringAssert.Contains(client.Problem(status, HttpMethod.Post, Path, content, ("Expect", "100-continue")), detail);
        }
    }

    [TestMethod]
    [DataRow("../../../escaped.zip", "escaped")]
    [DataRow("..\\..\\escaped.zip", "escaped")]
    [DataRow("/tmp/escaped.zip", "escaped")]
    [DataRow("...zip", "images")]
    [DataRow("<script>alert(1)</script>.zip", "script_")]
    public void AnUploadLiesInTheFolderOfTheServerWhateverItIsCalled(string fileName, string name)
    {
        using var client = TestServer.Client;
        var before = Files(TestServer.WorkFolder);
        using var response = client.Send(HttpMethod.Post, Path, new MultipartFormDataContent { { new ByteArrayContent(Zip(("<script>/", 1), ("b/", 1))), "zip", $"\"{fileName}\"" } });
        Assert.AreEqual("application/json", response.Content.Headers.ContentType?.MediaType, "a page would run what is in it");
        var made = JsonDocument.Parse(response.Content.ReadAsStream()).RootElement;
        Assert.AreEqual(name, made.GetProperty("name").GetString());
        Assert.AreEqual("<script>", made.GetProperty("classes")[0].GetProperty("name").GetString());
        StringAssert.EndsWith(Files(TestServer.WorkFolder).Except(before).Single(), $"{name}.zip");
        Assert.IsFalse(File.Exists(System.IO.Path.Combine(System.IO.Path.GetTempPath(), "escaped.zip")));

        static string[] Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
    }

    [TestMethod]
    public void ABombIsNeitherUnpackedNorTrainedOn()
    {
        using var client = TestServer.Client;
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var bomb = archive.CreateEntry("a/bomb.png").Open())
            {
                bomb.Write(new byte[50 << 20]);
            }

            Add(archive, "a/huge.png", BadImages.Huge());
            Add(archive, "b/good.png", Glyph.Circle());
        }

        var warning = Upload(client, zip.ToArray()).GetProperty("warnings").EnumerateArray().Last().GetString();
        StringAssert.Contains(warning, "Of the 3 images looked at 2 cannot be read or are too large, 'a/bomb.png'");
    }

    /// <summary>Uploads a zip file.</summary>
    internal static JsonElement Upload(Client client, byte[] zip) => client.Ask(HttpStatusCode.Created, HttpMethod.Post, Path, Form(zip));

    /// <summary>A zip file with images in folders, and a note; where there are 30 images and more, a damaged one beside them.</summary>
    internal static byte[] Zip(params (string Folder, int Images)[] classes)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "note.txt", "a note"u8.ToArray());
            foreach (var (folder, images) in classes)
            {
                for (var i = 0; i < images; i++)
                {
                    Add(archive, $"{folder}{i:d3}.png", Glyph.Upright(i % 5));
                }

                if (images >= 30)
                {
                    Add(archive, $"{folder}damaged.png", "no picture"u8.ToArray());
                }
            }
        }

        return zip.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var entry = archive.CreateEntry(name).Open();
        entry.Write(content);
    }

    private static MultipartFormDataContent Form(byte[] zip) => new() { { new ByteArrayContent(zip), "zip", "pictures.zip" } };

    private static string? Id(JsonElement dataSet) => dataSet.GetProperty("id").GetString();
}
