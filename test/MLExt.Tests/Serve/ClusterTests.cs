using System.Net;
using MLExt.Serve;
using MLExt.Serve.Cluster;
using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

/// <summary>The app as a silo; Microsoft.ML.FewShot.Hosting.Tests has what silos do with any classifier.</summary>
[TestClass]
public sealed class ClusterTests
{
    private const string Path = "/api/classifiers";

    [TestMethod]
    public async Task WhatOneSiloMakesAllOthersAnswerReplaceAndDelete()
    {
        using var folder = new TemporaryFolder();
        await using var first = await Start(folder);
        await using var second = await Start(folder);
        using var one = new Client(first.Address);
        using var two = new Client(second.Address);
        var made = one.Ask(HttpStatusCode.Created, HttpMethod.Post, $"{Path}?name=strokes", Client.Form(("up", Glyph.Upright()), ("level", Glyph.Level()), ("*", Glyph.Level(1))));
        Assert.AreEqual("strokes", made.GetProperty("id").GetString());
        Assert.AreEqual(made.GetRawText(), two.Get($"{Path}/strokes").GetRawText());
        Assert.AreEqual(made.GetRawText(), two.Get(Path)[0].GetRawText());
        Assert.AreEqual(Scores(one, Glyph.Upright(1)), Scores(two, Glyph.Upright(1)));
        CollectionAssert.AreEqual(one.Download($"{Path}/strokes/classifier.zip"), two.Download($"{Path}/strokes/classifier.zip"));
        CollectionAssert.AreEqual(one.Download($"{Path}/strokes/classifier.onnx"), two.Download($"{Path}/strokes/classifier.onnx"));
        two.AssertExplains($"{Path}/strokes", Glyph.Upright());

        two.Ask(HttpStatusCode.OK, HttpMethod.Put, $"{Path}/strokes", Client.Form(("o", Glyph.Circle()), ("x", Glyph.Cross())));
        Assert.AreEqual("o", one.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Path}/strokes/predict", Client.Image(Glyph.Circle(1))).GetProperty("label").GetString());
        one.Ask(HttpStatusCode.NoContent, HttpMethod.Delete, $"{Path}/strokes");
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            StringAssert.Contains(two.Problem(HttpStatusCode.NotFound, method, $"{Path}/strokes"), "no classifier 'strokes'");
        }

        two.Problem(HttpStatusCode.NotFound, HttpMethod.Post, $"{Path}/strokes/predict", Client.Image(Glyph.Circle()));
    }

    [TestMethod]
    public async Task AClusterAnswersAsAnAppThatIsAlone()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await Start(folder);
        using var hosted = new Client(silo.Address);
        using var alone = TestServer.Client;
        string[] answers = [.. new[] { hosted, alone }.Select(client =>
        {
            client.Ask(HttpStatusCode.Created, HttpMethod.Post, $"{Path}?name=a.b&rejectUnknown=true", Client.Form(("up", Glyph.Upright()), ("level", Glyph.Level())));
            var scores = client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Path}/a.b/predict", Client.Image(Glyph.Upright(1)));
            var problems = string.Join('\n',
                client.Problem(HttpStatusCode.Conflict, HttpMethod.Post, $"{Path}?name=a.b", Client.Form(("up", Glyph.Upright()), ("level", Glyph.Level()))),
                client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, $"{Path}?name=a/b", Client.Form(("up", Glyph.Upright()), ("level", Glyph.Level()))),
                client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, $"{Path}/a.b/predict", Client.Image([])),
                client.Problem(HttpStatusCode.BadRequest, HttpMethod.Post, $"{Path}/a.b/predict", Client.Image(Glyph.Upright()[..^40])));
            client.Ask(HttpStatusCode.NoContent, HttpMethod.Delete, $"{Path}/a.b");
            return $"{scores.GetProperty("label")} {scores.GetProperty("knownScore")} {scores.GetProperty("scores")}\n{problems}";
        })];
        Assert.AreEqual(answers[1], answers[0]);
    }

    [TestMethod]
    public async Task TenantsHaveTheirOwnClassifiersAndAsManyAsTheyMay()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await Start(folder, new ServeLimits { Classifiers = 1 });
        using var client = new Client(silo.Address);
        var support = () => Client.Form(("up", Glyph.Upright()), ("level", Glyph.Level()));
        foreach (var tenant in (string[])["anna", "bert"])
        {
            using var response = client.Send(HttpMethod.Post, $"{Path}?name=mine", support(), ("X-Tenant", tenant));
            Assert.AreEqual(HttpStatusCode.Created, response.StatusCode);
        }

        StringAssert.Contains(client.Problem(HttpStatusCode.Conflict, HttpMethod.Post, Path, support(), ("X-Tenant", "anna")), "has 1 classifiers, and may have 1");
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Path}/mine");
        Assert.AreEqual(0, client.Get(Path).GetArrayLength());
        StringAssert.Contains(client.Problem(HttpStatusCode.BadRequest, HttpMethod.Get, Path, null, ("X-Tenant", "a/b")), "X-Tenant is 'a/b'; expected 1 to 64");
        client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"{Path}/..%2Fmine", null, ("X-Tenant", "anna"));
        Assert.IsTrue(TellsOfTenants(client, Path));
        Assert.IsFalse(TellsOfTenants(client, "/api/datasets"));
        using var alone = TestServer.Client;
        Assert.IsFalse(TellsOfTenants(alone, Path));

        static bool TellsOfTenants(Client client, string path) =>
            client.Get("/openapi/v1.json").GetProperty("paths").GetProperty(path).GetProperty("get").GetRawText().Contains("X-Tenant", StringComparison.Ordinal);
    }

    [TestMethod]
    public void WhatIsNoStoreOrCannotBeReachedIsAFailureThatNamesIt()
    {
        StringAssert.Contains(Fail("serve", "--port", "0", "--cluster", "mysql:x"), "expected sqlite:FILE, postgresql:CONNECTION or redis:CONNECTION");
        StringAssert.Contains(Fail("serve", "--port", "0", "--cluster", "postgresql"), "--cluster postgresql has no connection");
        StringAssert.Contains(Fail("serve", "--port", "0", "--cluster", "Host=db:1;Password=secret"), "expected sqlite:FILE, postgresql:CONNECTION or redis:CONNECTION");
        StringAssert.Contains(Fail("serve", "--port", "0", "--cluster", "sqlite:/no/such/folder/c.db"), "a silo at 127.0.0.1:11111: SQLite file '/no/such/folder/c.db' cannot be used: There is no folder '/no/such/folder'.");
        StringAssert.Contains(Fail("serve", "--port", "0", "--cluster", "postgresql:Host=127.0.0.1;Port=1;Username=u;Password=secret"), "PostgreSQL at 127.0.0.1");
        StringAssert.Contains(Fail("serve", "--port", "0", "--cluster", "redis:127.0.0.1:1,connectTimeout=100,connectRetry=0"), "Redis at 127.0.0.1:1");
        StringAssert.Contains(Fail("serve", "--port", "0", "--silo-port", "1"), "--silo-port needs --cluster");

        static string Fail(params string[] words)
        {
            var error = Tool.Run(words).Expect(ExitCode.Failure).Error;
            Assert.IsFalse(error.Contains("secret", StringComparison.Ordinal), error);
            return error;
        }
    }

    [TestMethod]
    public async Task ASiloAtAnothersPortIsRefusedAndTheOtherGoesOn()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Find();
        await using var silo = await Start(folder, port: port);
        var e = await Assert.ThrowsExactlyAsync<CommandException>(() => Start(folder, port: port));
        StringAssert.Contains(e.Message, $"cannot listen at 127.0.0.1:{port}");
        using var client = new Client(silo.Address);
        Assert.AreEqual(0, client.Get(Path).GetArrayLength());
    }

    private static string Scores(Client client, byte[] image) =>
        client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Path}/strokes/predict", Client.Image(image)).GetProperty("scores").GetRawText();

    private static Task<AppServer> Start(TemporaryFolder folder, ServeLimits? limits = null, int port = 0)
    {
        var shown = new StringWriter();
        var settings = new ServeSettings
        {
            Port = 0,
            Generator = "symbols",
            Cluster = new ClusterSettings($"sqlite:{folder["classifiers.db"]}", IPAddress.Loopback, port, 1 << 30),
            Limits = limits ?? new ServeLimits(),
        };
        return AppServer.Start(Terminal.Plain(shown, shown), settings);
    }
}
