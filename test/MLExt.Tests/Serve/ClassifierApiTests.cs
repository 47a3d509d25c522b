using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class ClassifierApiTests
{
    private const string Path = "/api/classifiers";

    [TestMethod]
    public void AFormWithAFileAClassBecomesAClassifierThatTellsThemApart()
    {
        using var client = TestServer.Client;
        using var response = client.Send(HttpMethod.Post, Path, Client.Form(("stroke", Glyph.Upright()), ("loop \"o\"", Glyph.Circle()), ("loop \"o\"", Glyph.Circle(1)), ("*", Glyph.Circle(2))));
        Assert.AreEqual(HttpStatusCode.Created, response.StatusCode);
        var made = JsonDocument.Parse(response.Content.ReadAsStream()).RootElement;
        Assert.AreEqual($"{Path}/{made.GetProperty("id").GetString()}", response.Headers.Location?.ToString());
        CollectionAssert.AreEquivalent((string[])["stroke 1", "loop \"o\" 2"], Classes(made));
        Assert.AreEqual(1, made.GetProperty("unlabelled").GetInt32());
        Assert.AreEqual(28, made.GetProperty("imageSize").GetInt32());
        Assert.AreEqual(1, made.GetProperty("colours").GetInt32());
        Assert.AreEqual("symbols", made.GetProperty("generator").GetString());
        Assert.IsGreaterThan(0, made.GetProperty("milliseconds").GetDouble());
        Assert.AreEqual(made.GetRawText(), client.Get($"{Path}/{made.GetProperty("id").GetString()}").GetRawText());

        Assert.AreEqual("stroke", Label(client, made, Glyph.Upright(-1)));
        Assert.AreEqual("loop \"o\"", Label(client, made, Glyph.Circle(-1)));
    }

    [TestMethod]
    public void JsonGivesTheSameClassifierAsAForm()
    {
        using var client = TestServer.Client;
        var form = Create(client, Client.Form(("a", Glyph.Upright()), ("b", Glyph.Level()), ("*", Glyph.Level(1))));
        var json = Create(client, Client.Json(new
        {
            classes = new[] { new { name = "a", images = new[] { Glyph.Upright() } }, new { name = "b", images = new[] { Glyph.Level() } } },
            unlabelled = new[] { Glyph.Level(1) },
        }));
        Assert.AreEqual(1, json.GetProperty("unlabelled").GetInt32());
        Assert.AreEqual(Scores(client, form, Glyph.Circle()), Scores(client, json, Glyph.Circle()));
    }

    [TestMethod]
    public void PicturesInColourGetAClassifierOfPhotographs()
    {
        const int Side = 48;
        using var client = TestServer.Client;
        var random = new Random(1);
        var made = Create(client, Client.Form([.. from label in new[] { 0, 2 } from _ in Enumerable.Range(0, 2) select ($"{label}", TinyImages.Encode(label, Side, random))]));
        Assert.AreEqual("photographs", made.GetProperty("generator").GetString());
        Assert.AreEqual(224, made.GetProperty("imageSize").GetInt32());
        Assert.AreEqual(3, made.GetProperty("colours").GetInt32());
        Assert.AreEqual("0", Label(client, made, TinyImages.Encode(0, Side, random)));
        Assert.AreEqual("2", Label(client, made, TinyImages.Encode(2, Side, random)));
        client.AssertExplains(Address(made), TinyImages.Encode(2, Side, random));
        Assert.IsTrue(made.GetProperty("sharesEmbedding").GetBoolean());
        Assert.IsLessThan(100_000, client.Download($"{Address(made)}/classifier.onnx?part=head").Length);
        Assert.IsGreaterThan(60_000_000, client.Download($"{Address(made)}/classifier.onnx?part=embedding").Length);
        StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, HttpMethod.Get, $"{Address(made)}/classifier.onnx?part=tail"), "expected one of whole, embedding, head");

        client.Ask(HttpStatusCode.OK, HttpMethod.Put, Address(made), Client.Form(("a", Glyph.Upright()), ("b", Glyph.Level())));
        Assert.AreEqual("symbols", client.Get(Address(made)).GetProperty("generator").GetString());
        client.AssertExplains(Address(made), Glyph.Upright(1));
        Assert.IsFalse(client.Get(Address(made)).GetProperty("sharesEmbedding").GetBoolean());
        StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, HttpMethod.Get, $"{Address(made)}/classifier.onnx?part=head"), "no part Head");
    }

    [TestMethod]
    public void ARejectingClassifierMayAnswerNoneOfThese()
    {
        using var client = TestServer.Client;
        StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, $"{Path}?rejectUnknown=1", Client.Form(("a", Glyph.Upright()))), "'rejectUnknown' is '1'; expected a value of the kind bool.");
        var one = client.Ask(HttpStatusCode.Created, HttpMethod.Post, $"{Path}?rejectUnknown=true", Client.Form(("a", Glyph.Upright()), ("a", Glyph.Upright(1)), ("a", Glyph.Upright(-1))));
        var same = client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Address(one)}/predict", Client.Image(Glyph.Upright()));
        Assert.AreEqual("a", same.GetProperty("label").GetString());
        Assert.IsGreaterThanOrEqualTo(0.5, same.GetProperty("knownScore").GetDouble());
        var other = client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Address(one)}/predict", Client.Image(Glyph.Circle()));
        Assert.AreEqual(JsonValueKind.Null, other.GetProperty("label").ValueKind);
        Assert.IsLessThan(0.5, other.GetProperty("knownScore").GetDouble());
        Assert.AreEqual(1, other.GetProperty("scores")[0].GetProperty("probability").GetDouble());
        StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, $"{Address(one)}/explain", Client.Image(Glyph.Circle())), "Nothing spoke for a class");
        client.Ask(HttpStatusCode.OK, HttpMethod.Put, Address(one), Client.Form(("a", Glyph.Upright()), ("b", Glyph.Level())));
        Assert.AreEqual(JsonValueKind.Null, client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Address(one)}/predict", Client.Image(Glyph.Circle())).GetProperty("knownScore").ValueKind);
    }

    [TestMethod]
    public void ReplacingKeepsTheAddressAndForgetsTheOldExamples()
    {
        using var client = TestServer.Client;
        var made = Create(client, Client.Form(("a", Glyph.Upright()), ("b", Glyph.Level())));
        Assert.AreEqual("a", Label(client, made, Glyph.Upright(1)));
        var again = client.Ask(HttpStatusCode.OK, HttpMethod.Put, Address(made), Client.Form(("b", Glyph.Upright()), ("a", Glyph.Level()), ("c", Glyph.Circle())));
        Assert.AreEqual(made.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.HasCount(3, Classes(again));
        Assert.AreEqual("b", Label(client, made, Glyph.Upright(1)));
        Assert.AreEqual("c", Label(client, made, Glyph.Circle(1)));
    }

    [TestMethod]
    public void AForgottenClassifierIsGone()
    {
        using var client = TestServer.Client;
        var made = Create(client, Two());
        client.Ask(HttpStatusCode.NoContent, HttpMethod.Delete, Address(made));
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, Address(made));
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Delete, Address(made));
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Put, Address(made), Two());
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Post, $"{Address(made)}/predict", Client.Image(Glyph.Circle()));
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Address(made)}/classifier.zip");
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Address(made)}/classifier.onnx");
    }

    [TestMethod]
    public void OfTooManyTheLeastRecentlyUsedGoes()
    {
        using var client = TestServer.Client;
        var kept = Enumerable.Range(0, TestServer.Limits.Classifiers).Select(_ => Create(client, Two())).ToArray();
        Label(client, kept[0], Glyph.Circle());
        var last = Create(client, Two());
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, Address(kept[1]));
        client.Get(Address(kept[0]));
        var ids = client.Get(Path).EnumerateArray().Select(one => one.GetProperty("id").GetString()).ToArray();
        CollectionAssert.AreEqual((string?[])[Id(kept[0]), Id(last), Id(kept[2])], ids);
    }

    [TestMethod]
    public void TheDownloadedModelGivesTheSameScoresInTheTool()
    {
        using var client = TestServer.Client;
        using var folder = new TemporaryFolder();
        var made = Create(client, Client.Form(("a", Glyph.Upright()), ("b", Glyph.Level()), ("c", Glyph.Circle())));
        var file = client.Download($"{Address(made)}/classifier.zip");
        Assert.HasCount((int)made.GetProperty("bytes").GetInt64(), file);
        File.WriteAllBytes(folder["c.zip"], file);
        File.WriteAllBytes(folder["q.png"], Glyph.Level(2));
        Tool.Run("predict", "--model", folder["c.zip"], "--json", folder["p.json"], folder["q.png"]).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
        var told = json.RootElement.GetProperty("predictions")[0].GetProperty("probabilities").EnumerateArray()
            .Select(p => (p.GetProperty("name").GetString(), (float)p.GetProperty("probability").GetDouble())).ToArray();
        var served = client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Address(made)}/predict", Client.Image(Glyph.Level(2))).GetProperty("scores").EnumerateArray()
            .Select(p => (p.GetProperty("label").GetString(), (float)p.GetProperty("probability").GetDouble())).ToArray();
        CollectionAssert.AreEqual(told, served);
    }

    [TestMethod]
    public void TheDownloadedGraphIsThatOfTheModel()
    {
        using var client = TestServer.Client;
        var made = Create(client, Two());
        var context = new MLContext();
        var model = context.Model.Load(new MemoryStream(client.Download($"{Address(made)}/classifier.zip")), out _);
        using var expected = new MemoryStream();
        context.Model.ExportToOnnx(model, expected);
        CollectionAssert.AreEqual(expected.ToArray(), client.Download($"{Address(made)}/classifier.onnx"));
    }

    [TestMethod]
    public async Task TwoUsersAtOnceGetTheirOwnAnswers()
    {
        await Task.WhenAll(Task.Run(() => Use("one ", reverse: false)), Task.Run(() => Use("two ", reverse: true)));

        static void Use(string user, bool reverse)
        {
            using var client = TestServer.Client;
            var made = Create(client, Client.Form((user + "up", reverse ? Glyph.Level() : Glyph.Upright()), (user + "level", reverse ? Glyph.Upright() : Glyph.Level())));
            for (var round = 0; round < 5; round++)
            {
                Assert.AreEqual(user + (reverse ? "level" : "up"), Label(client, made, Glyph.Upright(round - 2)));
                made = client.Ask(HttpStatusCode.OK, HttpMethod.Put, Address(made), Client.Form(
                    (user + "up", reverse ? Glyph.Level(1) : Glyph.Upright(1)), (user + "level", reverse ? Glyph.Upright(1) : Glyph.Level(1)), ("*", Glyph.Level(-1))));
                Assert.AreEqual(user + (reverse ? "up" : "level"), Label(client, made, Glyph.Level(round - 2)));
            }

            client.Ask(HttpStatusCode.NoContent, HttpMethod.Delete, Address(made));
        }
    }

    [TestMethod]
    public void NamesInAnyScriptOutliveTheApiTheModelFileAndTheGraph()
    {
        string[] names = ["مرحبا بالعالم", "手写", "नमस्ते 👩🏽‍🚀", "<i>\"it's\"</i> & \\ ", new string('\u00e9', 200)];
        byte[][] images = [Glyph.Upright(), Glyph.Level(), Glyph.Circle(), Glyph.Cross(), Glyph.Circle(5)];
        using var client = TestServer.Client;
        var support = names.Zip(images).ToArray();
        foreach (var content in (HttpContent[])[Client.Form(support), RawForm(support), Client.Json(new { classes = support.Select(one => new { name = one.First, images = new[] { one.Second } }) })])
        {
            var made = Create(client, content);
            CollectionAssert.AreEquivalent(names.Select(name => $"{name} 1").ToArray(), Classes(made));
            for (var i = 0; i < names.Length; i++)
            {
                Assert.AreEqual(names[i], Label(client, made, images[i]));
            }

            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder["c.zip"], client.Download($"{Address(made)}/classifier.zip"));
            File.WriteAllBytes(folder["q.png"], images[0]);
            Tool.Run("predict", "--model", folder["c.zip"], "--top", "5", "--json", folder["p.json"], folder["q.png"]).Expect(ExitCode.Success);
            using var json = JsonDocument.Parse(File.ReadAllText(folder["p.json"]));
            CollectionAssert.AreEquivalent(names, json.RootElement.GetProperty("predictions")[0].GetProperty("probabilities").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ToArray());
            using var graph = new InferenceSession(client.Download($"{Address(made)}/classifier.onnx"));
            var told = JsonSerializer.Deserialize<string[]>(graph.ModelMetadata.CustomMetadataMap["class_names"]);
            CollectionAssert.AreEqual(made.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ToArray(), told);
        }
    }

    [TestMethod]
    public void NamesThatLookTheSameAreOneClassAndNamesThatCannotBeSeenAreNone()
    {
        Languages.Require();
        using var client = TestServer.Client;
        var made = Create(client, Client.Form(("e\u0301", Glyph.Upright()), ("\u00e9", Glyph.Upright(1)), ("b", Glyph.Level())));
        CollectionAssert.AreEquivalent((string[])["\u00e9 2", "b 1"], Classes(made));
        StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, Path, Client.Form(("\u200b\u200f", Glyph.Upright()), ("b", Glyph.Level()))), "no name for a class");
    }

    [TestMethod]
    public void WhatCannotBecomeAClassifierIsRefusedWithTheReason()
    {
        Languages.Require();
        using var client = TestServer.Client;
        var (good, limits) = (Glyph.Circle(), TestServer.Limits);
        var full = Enumerable.Repeat(("b", Glyph.Level()), limits.ImagesPerClass + 1).Prepend(("a", good)).ToArray();
        var many = Enumerable.Range(0, limits.Classes + 1).Select(i => ($"c{i}", good)).ToArray();
        var heavy = Enumerable.Range(0, 4).Select(i => ($"c{i}", BadImages.Padded(good, 15_000))).ToArray();
        (HttpStatusCode, string, HttpContent)[] cases =
        [
            (HttpStatusCode.BadRequest, "no images", Client.Json("{\"classes\": []}")),
            (HttpStatusCode.BadRequest, "the one class 'a'", Client.Form(("a", good), ("*", good))),
            (HttpStatusCode.BadRequest, "All images are unlabelled", Client.Form(("*", good))),
            (HttpStatusCode.BadRequest, "no name for a class", Client.Form((" ", good), ("b", good))),
            (HttpStatusCode.BadRequest, "Image 2 of the class 'b' is no image", Client.Form(("a", good), ("b", good), ("b", "text"u8.ToArray()))),
            (HttpStatusCode.BadRequest, "Image 1 of the class 'b' cannot be decoded", Client.Form(("a", good), ("b", BadImages.CutOff()))),
            (HttpStatusCode.BadRequest, "Unlabelled image 1 cannot be decoded", Client.Form(("a", good), ("b", good), ("*", BadImages.CutOff()))),
            (HttpStatusCode.RequestEntityTooLarge, "Image 1 of the class 'b' has more than 20000 bytes", Client.Form(("a", good), ("b", new byte[20_001]))),
            (HttpStatusCode.RequestEntityTooLarge, "30000 x 30000 pixels", Client.Form(("a", good), ("b", BadImages.Huge()))),
            (HttpStatusCode.RequestEntityTooLarge, "class 'b' has more than 4 images", Client.Form(full)),
            (HttpStatusCode.RequestEntityTooLarge, "more than 5 classes", Client.Form(many)),
            (HttpStatusCode.RequestEntityTooLarge, "together have more than 50000 bytes", Client.Form(heavy)),
            (HttpStatusCode.BadRequest, "The class 'b' has no images", Client.Json(new { classes = new[] { new { name = "a", images = new[] { good } }, new { name = "b", images = Array.Empty<byte[]>() } } })),
            (HttpStatusCode.BadRequest, "The JSON lacks 'classes'.", Client.Json("{}")),
            (HttpStatusCode.BadRequest, "at '$.classes': expected something other than null", Client.Json("{\"classes\": null}")),
            (HttpStatusCode.BadRequest, "There are two classes '\u00e9'", Client.Json(new { classes = new[] { new { name = "e\u0301", images = new[] { good } }, new { name = "\u00e9", images = new[] { good } } } })),
            (HttpStatusCode.BadRequest, "'*' is no name for a class", Client.Json(new { classes = new[] { new { name = "*", images = new[] { good } } } })),
            (HttpStatusCode.BadRequest, "is no name for a class", Client.Form((string.Concat(Enumerable.Repeat("\U0001F600", 201)), good), ("b", good))),
            (HttpStatusCode.BadRequest, "A class is null", Client.Json("{\"classes\": [null]}")),
            (HttpStatusCode.BadRequest, "Image 1 of the class 'a' is empty", Client.Json("{\"classes\": [{\"name\": \"a\", \"images\": [null]}]}")),
            (HttpStatusCode.BadRequest, "at '$.classes[0].images[0]': expected base 64", Client.Json("{\"classes\": [{\"name\": \"a\", \"images\": [\"%\"]}]}")),
            (HttpStatusCode.BadRequest, "is null", Client.Json("null")),
            (HttpStatusCode.BadRequest, "This is no JSON: ", Client.Json("{")),
            (HttpStatusCode.UnsupportedMediaType, "image/png", Client.Image(good)),
        ];
        foreach (var (status, detail, content) in cases)
        {
            StringAssert.Contains(client.Problem(status, HttpMethod.Post, Path, content), detail);
        }
    }

    // Names in plain UTF-8, as browsers and curl write them; .NET encodes them.
    private static ByteArrayContent RawForm(IEnumerable<(string Field, byte[] File)> files)
    {
        using var body = new MemoryStream();
        foreach (var (field, file) in files)
        {
            body.Write(Encoding.UTF8.GetBytes($"--edge\r\nContent-Disposition: form-data; name=\"{field.Replace("\"", "%22")}\"; filename=\"صورة.png\"\r\n\r\n"));
            body.Write(file);
            body.Write("\r\n"u8);
        }

        body.Write("--edge--\r\n"u8);
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=edge");
        return content;
    }

    private static MultipartFormDataContent Two() => Client.Form(("a", Glyph.Upright()), ("b", Glyph.Level()));

    private static JsonElement Create(Client client, HttpContent content) => client.Ask(HttpStatusCode.Created, HttpMethod.Post, Path, content);

    private static string Address(JsonElement classifier) => $"{Path}/{Id(classifier)}";

    private static string? Id(JsonElement classifier) => classifier.GetProperty("id").GetString();

    private static string[] Classes(JsonElement classifier) =>
        [.. classifier.GetProperty("classes").EnumerateArray().Select(c => $"{c.GetProperty("name").GetString()} {c.GetProperty("images").GetInt32()}")];

    private static string? Label(Client client, JsonElement classifier, byte[] image) =>
        client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Address(classifier)}/predict", Client.Image(image)).GetProperty("label").GetString();

    private static string Scores(Client client, JsonElement classifier, byte[] image) =>
        client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Address(classifier)}/predict", Client.Image(image)).GetProperty("scores").GetRawText();
}
