using System.Net;
using System.Net.Sockets;
using System.Text;
using MLExt.Serve;
using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class ServeCommandTests
{
    [TestMethod]
    public async Task TheCommandServesUntilItIsStopped()
    {
        using var stop = new CancellationTokenSource();
        var output = new Lines();
        var running = Task.Run(() => new CommandLine(Terminal.Plain(output, output), stop.Token).Run("serve", "--port", "0", "--max-classifiers", "7"));
        var address = ServedAddress.In(await output.First)!;
        using (var client = new Client(address))
        {
            var status = client.Get("/api/status");
            Assert.AreEqual(7, status.GetProperty("limits").GetProperty("classifiers").GetInt32());
            Assert.AreEqual(System.Text.Json.JsonValueKind.Null, status.GetProperty("model").ValueKind);
            StringAssert.Contains(client.Problem(HttpStatusCode.NotFound, HttpMethod.Post, "/api/predict", Client.Image(Glyph.Circle())), "--model FILE");
            using var other = new HttpClient();
            await Assert.ThrowsExactlyAsync<HttpRequestException>(() => other.GetAsync($"http://{OtherAddress()}:{address.Port}/api/status"));
        }

        await stop.CancelAsync();
        Assert.AreEqual(ExitCode.Success, await running);
    }

    [TestMethod]
    public void APortThatIsTakenIsAFailureThatNamesIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        StringAssert.Contains(Tool.Run("serve", "--port", $"{port}").Expect(ExitCode.Failure).Error, $"Port {port} of 127.0.0.1 cannot be listened at");
    }

    [TestMethod]
    public void AModelThatIsMissingOrAnotherIsAFailure()
    {
        StringAssert.Contains(Tool.Run("serve", "--port", "0", "--model", "none.zip").Expect(ExitCode.Failure).Error, "'none.zip'");
        StringAssert.Contains(Tool.Run("serve", "--port", "0", "--generator", "none.zip").Expect(ExitCode.Failure).Error, "'none.zip'");
        StringAssert.Contains(Tool.Run("serve", "--port", "0", "--generator", TrainedModel.ModelFile).Expect(ExitCode.Failure).Error, "generates classifiers");
    }

    [TestMethod]
    [DataRow("--port", "70000")]
    [DataRow("--port", "-1")]
    [DataRow("--host", "somewhere")]
    [DataRow("--max-upload", "0")]
    [DataRow("--gpu", "-1")]
    public void AnImpossibleOptionIsAMistakeOfTheUser(string option, string value) =>
        StringAssert.Contains(Tool.Run("serve", option, value).Expect(ExitCode.Usage).Error, option);

    [TestMethod]
    public async Task BeyondThisMachineFoldersStayClosed()
    {
        using var shown = new StringWriter();
        await using var server = await AppServer.Start(Terminal.Plain(shown, shown), new ServeSettings { Port = 0, Host = "*" });
        using var client = new Client(server.Address);
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder.Path, perClass: 1);
        Assert.IsFalse(client.Get("/api/status").GetProperty("folders").GetBoolean());
        StringAssert.Contains(client.Problem(HttpStatusCode.Forbidden, HttpMethod.Post, "/api/datasets", Client.Json(new { folder = folder.Path })), "upload a zip file");
        client.Problem(HttpStatusCode.MisdirectedRequest, HttpMethod.Get, "/api/status", null, ("Host", "elsewhere.example"));
        using var named = client.Send(HttpMethod.Get, "/api/status", null, ("Host", $"{Dns.GetHostName()}.local"));
        Assert.AreEqual(HttpStatusCode.OK, named.StatusCode);
    }

    [TestMethod]
    public async Task BodiesThatHaveNoRoomAreRefusedUntilThereIsSome()
    {
        using var shown = new StringWriter();
        await using var server = await AppServer.Start(Terminal.Plain(shown, shown), new ServeSettings { Port = 0, Generator = "symbols", Limits = new ServeLimits { HeldBytes = 100_000 } });
        using var client = new Client(server.Address);
        var form = $"POST /api/classifiers HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 95000\r\n\r\n--x\r\n"
            + "Content-Disposition: form-data; name=a; filename=a\r\n\r\n";
        using (var other = new TcpClient(server.Address.Host, server.Address.Port))
        {
            other.GetStream().Write(Encoding.ASCII.GetBytes(form));
            other.GetStream().Write(new byte[90_000]);
            Assert.IsTrue(SpinWait.SpinUntil(() => Status() == HttpStatusCode.ServiceUnavailable, TimeSpan.FromMinutes(1)));
        }

        Assert.IsTrue(SpinWait.SpinUntil(() => Status() == HttpStatusCode.BadRequest, TimeSpan.FromMinutes(1)));
        Assert.AreEqual("", shown.ToString());

        HttpStatusCode Status()
        {
            using var answer = client.Send(HttpMethod.Post, "/api/classifiers", Client.Form(("a", new byte[20_000])));
            return answer.StatusCode;
        }
    }

    [TestMethod]
    public async Task AServerThatIsStoppedDoesNotWaitForATrainingAndLeavesNoFiles()
    {
        using var shown = new StringWriter();
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder.Path, perClass: 10);
        var server = await AppServer.Start(Terminal.Plain(shown, shown), new ServeSettings { Port = 0 });
        using (var client = new Client(server.Address))
        {
            var dataSet = client.Ask(HttpStatusCode.Created, HttpMethod.Post, "/api/datasets", Client.Json(new { folder = folder.Path })).GetProperty("id").GetString();
            client.Ask(HttpStatusCode.Accepted, HttpMethod.Post, "/api/trainings", Client.Json(new { dataSet, trainTime = 600, imageSize = 16 }));
        }

        Assert.IsTrue(Directory.Exists(server.WorkFolder));
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.IsFalse(Directory.Exists(server.WorkFolder));
    }

    /// <summary>An address of this machine that is not the loopback's usual one; loopback has many on Linux.</summary>
    private static string OtherAddress() => "127.0.0.2";

    private sealed class Lines : StringWriter
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _text = new();

        public Task<string> First => _first.Task.WaitAsync(TimeSpan.FromMinutes(5));

        public override void WriteLine(string? value)
        {
            _text.AppendLine(value);
            _first.TrySetResult(value ?? "");
        }
    }
}
