using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class ServerTests
{
    private static readonly HttpMethod[] Verbs = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete];

    [TestMethod]
    public void TheStatusSaysWhatTheServerIsAndAccepts()
    {
        using var client = TestServer.Client;
        var status = client.Get("/api/status");
        Assert.AreEqual("cpu", status.GetProperty("device").GetString());
        Assert.AreEqual(TestServer.Limits.UploadBytes, status.GetProperty("limits").GetProperty("uploadBytes").GetInt64());
        Assert.AreEqual("bars.zip", status.GetProperty("model").GetProperty("name").GetString());
        Assert.AreEqual(3, status.GetProperty("model").GetProperty("classes").GetArrayLength());
        Assert.IsTrue(status.GetProperty("mixers").EnumerateArray().Any(mixer => mixer.GetString() == "ttt-mlp"));
        Assert.AreEqual("auto", status.GetProperty("generator").GetProperty("name").GetString());
        Assert.AreEqual(0, status.GetProperty("generator").GetProperty("imageSize").GetInt32());
        Assert.AreEqual(0, status.GetProperty("generator").GetProperty("colours").GetInt32());
        Assert.AreEqual(10_000, status.GetProperty("generator").GetProperty("maxWays").GetInt32());
        Assert.IsTrue(status.GetProperty("folders").GetBoolean());
    }

    [TestMethod]
    public void TheOpenApiDocumentNamesEveryAddressAndItsErrors()
    {
        using var client = TestServer.Client;
        var document = client.Get("/openapi/v1.json");
        var paths = document.GetProperty("paths");
        string[] expected =
        [
            "/api/status", "/api/predict", "/api/classifiers", "/api/classifiers/{id}", "/api/classifiers/{id}/predict", "/api/classifiers/{id}/explain", "/api/classifiers/{id}/classifier.zip",
            "/api/classifiers/{id}/classifier.onnx", "/api/datasets", "/api/datasets/{id}", "/api/datasets/{id}/images/{number}", "/api/trainings",
            "/api/trainings/{id}", "/api/trainings/{id}/events", "/api/trainings/{id}/stop", "/api/trainings/{id}/evaluation", "/api/trainings/{id}/predict", "/api/trainings/{id}/explain", "/api/trainings/{id}/inner-loss",
            "/api/trainings/{id}/files/model.zip", "/api/trainings/{id}/files/model.onnx", "/api/trainings/{id}/files/code.zip", "/api/trainings/{id}/files/report.html",
        ];
        CollectionAssert.AreEquivalent(expected, paths.EnumerateObject().Select(path => path.Name).ToArray());
        var create = paths.GetProperty("/api/classifiers").GetProperty("post");
        Assert.IsTrue(create.GetProperty("requestBody").GetProperty("content").TryGetProperty("multipart/form-data", out _));
        Assert.IsTrue(create.GetProperty("responses").GetProperty("413").GetProperty("content").TryGetProperty("application/problem+json", out _));
        foreach (var operation in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            Assert.IsGreaterThan(0, operation.Value.GetProperty("summary").GetString()!.Length);
        }
    }

    [TestMethod]
    public void APageOfAnotherSiteCanChangeNothing()
    {
        using var client = TestServer.Client;
        var own = client.Address.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in new[] { ("Origin", "http://elsewhere.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
        {
            client.Problem(HttpStatusCode.Forbidden, HttpMethod.Post, "/api/predict", Client.Image(Glyph.Circle()), (name, value));
            client.Problem(HttpStatusCode.Forbidden, HttpMethod.Delete, "/api/classifiers/x", null, (name, value));
        }

        using var allowed = client.Send(HttpMethod.Post, "/api/predict", Client.Image(Glyph.Circle()), ("Origin", own), ("Sec-Fetch-Site", "same-origin"));
        Assert.AreEqual(HttpStatusCode.OK, allowed.StatusCode);
    }

    [TestMethod]
    public void AForeignNameThatPointsHereIsRefused()
    {
        using var client = TestServer.Client;
        foreach (var host in new[] { "elsewhere.example", "localhost.elsewhere.example", $"elsewhere.example:{client.Address.Port}" })
        {
            StringAssert.Contains(client.Problem(HttpStatusCode.MisdirectedRequest, HttpMethod.Get, "/api/status", null, ("Host", host)), host);
        }

        foreach (var host in new[] { $"localhost:{client.Address.Port}", "127.0.0.1", "[::1]" })
        {
            using var response = client.Send(HttpMethod.Get, "/api/status", null, ("Host", host));
            Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, host);
        }
    }

    [TestMethod]
    public void EveryAnswerKeepsThePageToItself()
    {
        using var client = TestServer.Client;
        foreach (var path in new[] { "/", "/api/status", "/api/classifiers/none", "/nowhere" })
        {
            using var response = client.Send(HttpMethod.Get, path);
            StringAssert.Contains(string.Concat(response.Headers.GetValues("Content-Security-Policy")), "default-src 'self'", path);
            Assert.AreEqual("nosniff", string.Concat(response.Headers.GetValues("X-Content-Type-Options")), path);
            Assert.IsFalse(response.Headers.Contains("Access-Control-Allow-Origin"), path);
            Assert.IsFalse(response.Headers.Contains("Server"), path);
        }
    }

    [TestMethod]
    public void WhatIsNotThereIsAProblem()
    {
        using var client = TestServer.Client;
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, "/api/nothing");
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, "/nothing.html");
        client.Problem(HttpStatusCode.MethodNotAllowed, HttpMethod.Delete, "/api/status");
        foreach (var kind in new[] { "classifiers", "datasets", "trainings" })
        {
            StringAssert.Contains(client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"/api/{kind}/0123456789abcdef"), "'0123456789abcdef'");
        }
    }

    [TestMethod]
    public void TheModelOfTheCommandLinePredictsAsTheToolDoes()
    {
        using var client = TestServer.Client;
        var file = Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories)[0];
        var answer = client.Ask(HttpStatusCode.OK, HttpMethod.Post, "/api/predict", Client.Image(File.ReadAllBytes(file)));
        var printed = Tool.Run("predict", "--model", TrainedModel.ModelFile, "--top", "1", file).Expect(ExitCode.Success).Output;
        StringAssert.StartsWith(printed, $"{file}: {answer.GetProperty("label").GetString()} ");
        var scores = answer.GetProperty("scores").EnumerateArray().Select(score => score.GetProperty("probability").GetDouble()).ToArray();
        Assert.HasCount(3, scores);
        CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);
        Assert.AreEqual(1, scores.Sum(), 1e-5);
        Assert.IsGreaterThan(0, answer.GetProperty("milliseconds").GetDouble());

        var same = client.Ask(HttpStatusCode.OK, HttpMethod.Post, "/api/predict", Client.Form(("image", File.ReadAllBytes(file))));
        Assert.AreEqual(answer.GetProperty("scores").GetRawText(), same.GetProperty("scores").GetRawText());
    }

    [TestMethod]
    public void WhatIsNoImageIsRefused()
    {
        using var client = TestServer.Client;
        (HttpStatusCode, string, HttpContent)[] cases =
        [
            (HttpStatusCode.BadRequest, "is empty", Client.Image([])),
            (HttpStatusCode.BadRequest, "is no image", Client.Image("no image"u8.ToArray())),
            (HttpStatusCode.BadRequest, "cannot be decoded", Client.Image(BadImages.CutOff())),
            (HttpStatusCode.RequestEntityTooLarge, "20000 bytes", Client.Image(new byte[20_001])),
            (HttpStatusCode.BadRequest, "the header of the PNG file is damaged", Client.Image(BadImages.DamagedHeader())),
            (HttpStatusCode.RequestEntityTooLarge, "30000 x 30000 pixels", Client.Image(BadImages.Huge())),
            (HttpStatusCode.BadRequest, "the field 'picture'", Client.Form(("picture", Glyph.Circle()))),
            (HttpStatusCode.BadRequest, "found more", Client.Form(("image", Glyph.Circle()), ("image", Glyph.Circle()))),
            (HttpStatusCode.BadRequest, "is no file", new MultipartFormDataContent { { new StringContent("text"), "image" } }),
            (HttpStatusCode.BadRequest, "is cut off", BadImages.DamagedForm()),
        ];
        foreach (var (status, detail, content) in cases)
        {
            StringAssert.Contains(client.Problem(status, HttpMethod.Post, "/api/predict", content), detail);
        }
    }

    [TestMethod]
    public async Task EveryOneOfManyConnectionsAtOnceIsAnswered()
    {
        var address = TestServer.Client.Address;
        TcpClient[] connections = [.. Enumerable.Range(0, 400).Select(_ => new TcpClient())];
        await Task.WhenAll(connections.Select(connection => connection.ConnectAsync(address.Host, address.Port)));
        var answers = await Task.WhenAll(connections.Select(async connection =>
        {
            using var reader = new StreamReader(connection.GetStream());
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/status HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n"));
            return await reader.ReadLineAsync();
        }));
        Array.ForEach(connections, connection => connection.Dispose());
        CollectionAssert.AreEqual((string[])["HTTP/1.1 200 OK"], answers.Distinct().ToArray());
    }

    [TestMethod]
    public void ABodyThatDoesNotComeIsGivenUp()
    {
        using var client = TestServer.Client;
        var answer = client.Raw($"POST /api/predict HTTP/1.1\r\nHost: {client.Address.Authority}\r\nContent-Length: 1000\r\n\r\nthe beginning of a picture");
        StringAssert.StartsWith(answer, "HTTP/1.1 408 ");
        StringAssert.Contains(answer, "application/problem+json");
    }

    [TestMethod]
    [DataRow("/../mlext.dll")]
    [DataRow("/js/../../mlext.dll")]
    [DataRow("/%2e%2e/mlext.dll")]
    [DataRow("/..%2fmlext.dll")]
    [DataRow("/js/..%2f..%2fmlext.dll")]
    [DataRow("/..%5cmlext.dll")]
    [DataRow("/..\\mlext.dll")]
    [DataRow("//mlext.dll")]
    public void NoPathLeadsOutOfThePage(string path)
    {
        using var client = TestServer.Client;
        Assert.IsTrue(File.Exists(Path.Combine(MLExt.Serve.Page.Folder, "..", "mlext.dll")), "what the path would lead to");
        StringAssert.StartsWith(client.Raw($"GET {path} HTTP/1.1\r\nHost: {client.Address.Authority}\r\nConnection: close\r\n\r\n"), "HTTP/1.1 404 ");
    }

    [TestMethod]
    public void AMisspeltParameterIsRefused()
    {
        using var client = TestServer.Client;
        (string, HttpMethod, string)[] cases =
        [
            ("no parameter 'rejectUnkown' at this address; expected 'rejectUnknown'", HttpMethod.Post, "/api/classifiers?rejectUnkown=true"),
            ("no parameter 'piece' at this address; expected 'part'", HttpMethod.Get, "/api/classifiers/x/classifier.onnx?piece=head"),
            ("no parameter 'id' at this address; expected none", HttpMethod.Get, "/api/classifiers/x?id=y"),
            ("no parameter 'parts' at this address; expected none", HttpMethod.Get, "/api/status?parts=1"),
        ];
        foreach (var (detail, method, path) in cases)
        {
            StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, method, path), detail);
        }

        StringAssert.Contains(client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, "/api/classifiers/x/classifier.onnx?PART=head"), "no classifier 'x'");
    }

    [TestMethod]
    [DataRow("text/plain")]
    [DataRow("application/x-www-form-urlencoded")]
    [DataRow("nonsense")]
    [DataRow("")]
    public void AnotherKindOfContentIsRefused(string type)
    {
        using var client = TestServer.Client;
        foreach (var path in new[] { "/api/classifiers", "/api/datasets", "/api/trainings" })
        {
            using var content = new ByteArrayContent("{}"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            client.Problem(HttpStatusCode.UnsupportedMediaType, HttpMethod.Post, path, content);
        }
    }

    [TestMethod]
    public void NoAddressAnswersGarbageWithAnInternalError()
    {
        using var client = TestServer.Client;
        var paths = client.Get("/openapi/v1.json").GetProperty("paths").EnumerateObject().Select(path => path.Name.Replace("{id}", "..%2f").Replace("{number}", "-1"));
        foreach (var path in paths)
        {
            foreach (var method in Verbs)
            {
                using var response = client.Send(method, path, method == HttpMethod.Get ? null : Client.Json("[1, \"\\ud800\""));
                Assert.IsLessThan(500, (int)response.StatusCode, $"{method} {path}");
            }
        }
    }
}
