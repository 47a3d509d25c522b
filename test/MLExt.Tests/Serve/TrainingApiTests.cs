using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class TrainingApiTests
{
    private const string Path = "/api/trainings";
    private const int Seconds = 6;

    [TestMethod]
    public void ATrainingReportsItsProgressAndGivesAModelWithAllItsFiles()
    {
        using var client = TestServer.Client;
        using var folder = new TemporaryFolder();
        var dataSet = Folder(client, folder, perClass: 30);
        using var started = client.Send(HttpMethod.Post, Path, Client.Json(new { dataSet, trainTime = Seconds, imageSize = 16, seed = 3, tokenMixer = "ttt-linear", name = "my/bars" }));
        Assert.AreEqual(HttpStatusCode.Accepted, started.StatusCode);
        var address = started.Headers.Location!.ToString();
        StringAssert.Contains(client.Problem(HttpStatusCode.Conflict, HttpMethod.Post, Path, Client.Json(new { dataSet, trainTime = Seconds })), "one training runs at a time");
        StringAssert.Contains(client.Problem(HttpStatusCode.Conflict, HttpMethod.Get, $"{address}/evaluation"), "runs still");
        client.Ask(HttpStatusCode.NoContent, HttpMethod.Delete, $"/api/datasets/{dataSet}"); // the training holds it

        var events = Follow(client, address);
        CheckProgress(events, dataSet);
        var done = events[^1].Training;
        CheckEvaluation(client, address);
        CheckFiles(client, address, folder);
        CollectionAssert.AreEqual(TinyImages.ClassNames.Take(3).ToArray(), done.GetProperty("classes").EnumerateArray().Select(c => c.GetString()).ToArray());
        Assert.AreEqual(done.GetRawText(), client.Get(address).GetRawText());
        Assert.IsTrue(client.Get(Path).EnumerateArray().Any(one => one.GetRawText() == done.GetRawText()));
    }

    [TestMethod]
    public void AStopKeepsTheBestModel()
    {
        using var client = TestServer.Client;
        using var folder = new TemporaryFolder();
        var dataSet = Folder(client, folder, perClass: 10);
        var address = Start(client, new { dataSet, trainTime = 600, imageSize = 16 });
        var events = Follow(client, address, training =>
        {
            if (training.GetProperty("curve").EnumerateArray().Any(point => point.GetProperty("validationAccuracy").ValueKind == JsonValueKind.Number))
            {
                client.Ask(HttpStatusCode.Accepted, HttpMethod.Post, $"{address}/stop");
            }
        });
        var done = events[^1].Training;
        Assert.AreEqual("stopped", done.GetProperty("state").GetString());
        Assert.AreEqual(System.IO.Path.GetFileName(folder["bars"]), done.GetProperty("name").GetString());
        client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{address}/predict", Client.Image(Glyph.Circle()));
        client.AssertExplains(address, Glyph.Circle());
        client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, $"{address}/explain", Client.Image([1, 2, 3]));
        Assert.IsTrue(done.GetProperty("learnsInSteps").GetBoolean());
        var heads = client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{address}/inner-loss", Client.Image(Glyph.Circle())).EnumerateArray().ToArray();
        Assert.HasCount(4, heads);
        Assert.IsTrue(heads.All(head => head.GetProperty("losses").GetArrayLength() == 2 && head.GetProperty("overlay").GetBytesFromBase64() is [0x89, (byte)'P', ..]));
        StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, $"{address}/inner-loss", Client.Image([1, 2, 3])), "no image that can be read");
        client.Ask(HttpStatusCode.Accepted, HttpMethod.Post, $"{address}/stop"); // once more does no harm
    }

    [TestMethod]
    public void ATrainingWithoutUsableImagesFailsAndSaysWhy()
    {
        using var client = TestServer.Client;
        using var folder = new TemporaryFolder();
        foreach (var file in TinyImages.WriteFolder(folder["bars"], perClass: 2))
        {
            File.WriteAllText(file, "no picture");
        }

        var dataSet = Open(client, folder["bars"]);
        var address = Start(client, new { dataSet, trainTime = Seconds });
        var done = Follow(client, address)[^1].Training;
        Assert.AreEqual("failed", done.GetProperty("state").GetString());
        var error = done.GetProperty("error").GetString()!;
        Assert.IsGreaterThan(0, error.Length);
        StringAssert.Contains(client.Problem(HttpStatusCode.Conflict, HttpMethod.Get, $"{address}/evaluation"), error);
        client.Problem(HttpStatusCode.Conflict, HttpMethod.Post, $"{address}/predict", Client.Image(Glyph.Circle()));
        client.Problem(HttpStatusCode.Conflict, HttpMethod.Post, $"{address}/explain", Client.Image(Glyph.Circle()));
        client.Problem(HttpStatusCode.Conflict, HttpMethod.Post, $"{address}/inner-loss", Client.Image(Glyph.Circle()));
        client.Problem(HttpStatusCode.Conflict, HttpMethod.Get, $"{address}/files/model.zip");
    }

    // Arabic has a minus of its own.
    [TestMethod]
    [DataRow("")]
    [DataRow("ar-SA")]
    public void AnImpossibleTrainingIsRefusedWithTheReason(string language)
    {
        if (language.Length > 0) Languages.Require();
        var culture = CultureInfo.DefaultThreadCurrentCulture;
        using var client = TestServer.Client;
        using var folder = new TemporaryFolder();
        var dataSet = Folder(client, folder, perClass: 2);
        TinyImages.WriteFolder(folder["one"], perClass: 2, classes: 1);
        var one = Open(client, folder["one"]);
        (HttpStatusCode, string, object)[] cases =
        [
            (HttpStatusCode.NotFound, "no data set 'none'", new { dataSet = "none", trainTime = 9 }),
            (HttpStatusCode.BadRequest, "the one class 'blue-diagonal'", new { dataSet = one, trainTime = 9 }),
            (HttpStatusCode.BadRequest, "'trainTime' is 0", new { dataSet, trainTime = 0 }),
            (HttpStatusCode.BadRequest, "'trainTime' is 604801", new { dataSet, trainTime = 604801 }),
            (HttpStatusCode.BadRequest, "'imageSize' is 4", new { dataSet, trainTime = 9, imageSize = 4 }),
            (HttpStatusCode.BadRequest, "'gpu' is -1", new { dataSet, trainTime = 9, gpu = -1 }),
            (HttpStatusCode.BadRequest, "'backbone' is 'vgg'; expected one of auto, none, resnet18.", new { dataSet, trainTime = 9, backbone = "vgg" }),
            (HttpStatusCode.BadRequest, "'tokenMixer' is 'blender'", new { dataSet, trainTime = 9, tokenMixer = "blender" }),
            (HttpStatusCode.BadRequest, "The JSON lacks 'trainTime'.", new { dataSet }),
            (HttpStatusCode.BadRequest, "The JSON is not as expected at '$.trainTime': expected a whole number", new { dataSet, trainTime = "long" }),
            (HttpStatusCode.BadRequest, "The JSON is not as expected at '$.dataSet': expected something other than null", new { dataSet = (string?)null, trainTime = 9 }),
            (HttpStatusCode.BadRequest, "This is no JSON: ", "{"),
            (HttpStatusCode.BadRequest, "The request has no JSON", "null"),
            (HttpStatusCode.BadRequest, "'trainTime' is 0; expected 1 to 604800. 'gpu' is -1; expected 0 to 2147483647. 'tokenMixer' is 'blender'",
                new { dataSet, trainTime = 0, gpu = -1, tokenMixer = "blender" }),
        ];
        try
        {
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo(language);
            foreach (var (status, detail, request) in cases)
            {
                StringAssert.Contains(client.Problem(status, HttpMethod.Post, Path, Client.Json(request)), detail);
            }
        }
        finally
        {
            CultureInfo.DefaultThreadCurrentCulture = culture;
        }
    }

    private static void CheckProgress(List<(string Event, JsonElement Training)> events, string dataSet)
    {
        Assert.IsTrue(events.SkipLast(1).All(e => e is { Event: "progress" } && e.Training.GetProperty("state").GetString() == "running"));
        var (name, done) = events[^1];
        Assert.AreEqual("done", name);
        Assert.AreEqual("finished", done.GetProperty("state").GetString());
        Assert.AreEqual("my_bars", done.GetProperty("name").GetString());
        Assert.AreEqual(dataSet, done.GetProperty("dataSet").GetString());
        Assert.AreEqual(90, done.GetProperty("images").GetInt32());
        Assert.AreEqual(0, done.GetProperty("skipped").GetInt32());
        Assert.AreEqual(0, done.GetProperty("remaining").GetDouble());
        Assert.AreEqual(1, done.GetProperty("progress").GetDouble());
        var curve = done.GetProperty("curve").EnumerateArray().ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(1, curve.Length).ToArray(), curve.Select(point => point.GetProperty("epoch").GetInt32()).ToArray());
        Assert.IsTrue(curve.All(point => point.GetProperty("trainLoss").GetDouble() > 0 && point.GetProperty("trainAccuracy").GetDouble() is >= 0 and <= 1));
        Assert.AreEqual(JsonValueKind.Number, curve[^1].GetProperty("validationLoss").ValueKind);
    }

    private static void CheckEvaluation(Client client, string address)
    {
        var evaluation = client.Get($"{address}/evaluation");
        Assert.AreEqual(9, evaluation.GetProperty("images").GetInt32());
        var confusion = evaluation.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(n => n.GetInt32()).ToArray()).ToArray();
        Assert.AreEqual(9, confusion.Sum(row => row.Sum()));
        var right = Enumerable.Range(0, 3).Sum(i => confusion[i][i]);
        Assert.AreEqual(right / 9.0, evaluation.GetProperty("microAccuracy").GetDouble(), 1e-9);
        Assert.AreEqual(9 - right, evaluation.GetProperty("mostWrong").GetArrayLength());
        foreach (var (one, i) in evaluation.GetProperty("classes").EnumerateArray().Select((one, i) => (one, i)))
        {
            Assert.AreEqual(TinyImages.ClassNames[i], one.GetProperty("name").GetString());
            Assert.AreEqual(3, one.GetProperty("images").GetInt32());
            Assert.AreEqual(confusion[i][i] / 3.0, one.GetProperty("recall").GetDouble(), 1e-9);
        }
    }

    private static void CheckFiles(Client client, string address, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder["model.zip"], client.Download($"{address}/files/model.zip"));
        var image = Directory.GetFiles(folder["bars"], "0000.png", SearchOption.AllDirectories)[0];
        var answer = client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{address}/predict", Client.Image(File.ReadAllBytes(image)));
        StringAssert.StartsWith(Tool.Run("predict", "--model", folder["model.zip"], "--top", "1", image).Expect(ExitCode.Success).Output,
            $"{image}: {answer.GetProperty("label").GetString()} ");

        using var code = new ZipArchive(new MemoryStream(client.Download($"{address}/files/code.zip")));
        CollectionAssert.AreEquivalent((string[])["my_bars.consumption.cs", "my_bars.training.cs", "my_bars.mbconfig"], code.Entries.Select(e => e.FullName).ToArray());
        StringAssert.Contains(Encoding.UTF8.GetString(client.Download($"{address}/files/report.html")), "my_bars");
        Tool.Run("export", "--model", folder["model.zip"], "--onnx", folder["m.onnx"]).Expect(ExitCode.Success);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["m.onnx"]), client.Download($"{address}/files/model.onnx"));
    }

    private static string Folder(Client client, TemporaryFolder folder, int perClass)
    {
        TinyImages.WriteFolder(folder["bars"], perClass);
        return Open(client, folder["bars"]);
    }

    private static string Open(Client client, string folder) =>
        client.Ask(HttpStatusCode.Created, HttpMethod.Post, "/api/datasets", Client.Json(new { folder })).GetProperty("id").GetString()!;

    private static string Start(Client client, object request) =>
        $"{Path}/{client.Ask(HttpStatusCode.Accepted, HttpMethod.Post, Path, Client.Json(request)).GetProperty("id").GetString()}";

    /// <summary>Reads the events of a training to their end.</summary>
    private static List<(string Event, JsonElement Training)> Follow(Client client, string address, Action<JsonElement>? onProgress = null)
    {
        using var response = client.Send(HttpMethod.Get, $"{address}/events");
        Assert.AreEqual("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        var (events, name) = (new List<(string, JsonElement)>(), "");
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add((name, JsonDocument.Parse(line["data: ".Length..]).RootElement));
                onProgress?.Invoke(events[^1].Item2);
            }
        }

        return events;
    }
}
