using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

/// <summary>Silos as processes of their own.</summary>
[TestClass]
public sealed class SiloProcessTests
{
    private const string Path = "/api/classifiers";
    private const int Classifiers = 6;

    private static readonly TimeSpan LongestSearch = TimeSpan.FromMinutes(1);

    // Kubernetes kills what has not ended by then.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    [TestMethod]
    public void WhenASiloIsKilledItsClassifiersAreFoundOnTheOthers()
    {
        using var folder = new TemporaryFolder();
        using var first = new Server(folder);
        using var second = new Server(folder);
        for (var i = 0; i < Classifiers; i++)
        {
            (i % 2 == 0 ? first : second).Client.Ask(HttpStatusCode.Created, HttpMethod.Post, $"{Path}?name=c{i}", Client.Form(($"{i} up", Glyph.Upright()), ($"{i} level", Glyph.Level())));
        }

        first.Kill();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Classifiers; i++)
        {
            var answer = second.Client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Path}/c{i}/predict", Client.Image(Glyph.Level(1)));
            Assert.AreEqual($"{i} level", answer.GetProperty("label").GetString());
        }

        Assert.IsLessThan(LongestSearch, clock.Elapsed);
        Assert.AreEqual(Classifiers, second.Client.Get(Path).GetArrayLength());
        second.Kill();
        using var third = new Server(folder);       // when all have been killed
        Assert.AreEqual("3 up", third.Client.Ask(HttpStatusCode.OK, HttpMethod.Post, $"{Path}/c3/predict", Client.Image(Glyph.Upright(1))).GetProperty("label").GetString());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)] // where the files that a process has loaded can be listed
    public void WithoutAClusterNothingOfOrleansIsLoaded()
    {
        using var folder = new TemporaryFolder();
        using var alone = new Server();
        using var silo = new Server(folder);
        foreach (var server in (Server[])[alone, silo])
        {
            server.Client.Ask(HttpStatusCode.Created, HttpMethod.Post, Path, Client.Form(("up", Glyph.Upright()), ("level", Glyph.Level())));
            server.Client.Get("/api/status");
            server.Client.Get("/openapi/v1.json");  // it looks at the program's attributes
        }

        Assert.IsFalse(alone.Files.Any(file => file.Contains("Orleans", StringComparison.Ordinal) || file.Contains("Hosting", StringComparison.Ordinal) && file.Contains("FewShot", StringComparison.Ordinal)));
        Assert.IsTrue(silo.Files.Any(file => file.EndsWith("/Orleans.Runtime.dll", StringComparison.Ordinal)));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void ASiloWhoseStoreDoesNotAnswerEndsInTimeForKubernetes()
    {
        using var folder = new TemporaryFolder();
        using var silo = new Server(folder);
        using var store = new SqliteConnection($"Data Source={folder["classifiers.db"]};Pooling=False");
        store.Open();
        using var hold = store.BeginTransaction();      // no other can write
        var clock = Stopwatch.StartNew();
        silo.AskToEnd();
        Assert.IsTrue(silo.HasEnded(LongestEnd), $"It had not ended after {clock.Elapsed}.");
    }

    private sealed class Server : IDisposable
    {
        private readonly Process _process;

        public Server(TemporaryFolder? cluster = null)
        {
            string[] words = cluster is null ? [] : ["--cluster", $"sqlite:{cluster["classifiers.db"]}", "--silo-port", "0"];
            _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "serve", "--port", "0", "--generator", "symbols", .. words])
            {
                RedirectStandardOutput = true,
            })!;
            Client = new Client(ServedAddress.In(_process.StandardOutput.ReadLine())!);
        }

        public Client Client { get; }

        public IEnumerable<string> Files => File.ReadLines($"/proc/{_process.Id}/maps");

        public void AskToEnd()
        {
            using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            signal.WaitForExit();
        }

        public bool HasEnded(TimeSpan within) => _process.WaitForExit(within);

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public void Dispose()
        {
            Kill();
            Client.Dispose();
            _process.Dispose();
        }
    }
}
