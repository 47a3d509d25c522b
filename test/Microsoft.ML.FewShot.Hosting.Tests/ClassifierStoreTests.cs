using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MLExtensions.Testing;
using Npgsql;

namespace Microsoft.ML.FewShot.Hosting.Tests;

[TestClass]
public sealed class ClassifierStoreTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("sqlite")]
    [DataRow("sqlite:")]
    [DataRow("mysql:Host=a")]
    public void WhatIsNoStoreIsRefusedWithWhatWouldBe(string text) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ClassifierStore.Parse(text)).Message, "expected sqlite:FILE, postgresql:CONNECTION or redis:CONNECTION");

    [TestMethod]
    [DataRow("postgresql:nonsense")]
    [DataRow("postgresql:Nothing=1")]
    [DataRow("redis:,password=p")]
    [DataRow("redis:a:b,connectTimeout=x")]
    public void WhatIsNoConnectionIsRefused(string text) => Assert.Throws<ArgumentException>(() => ClassifierStore.Parse(text));

    [TestMethod]
    [DataRow("postgresql:Host=db;Database=d;Username=u;Password=secret", "PostgreSQL at db, database 'd'")]
    [DataRow("redis:cache:6379,password=secret", "Redis at cache:6379")]
    [DataRow("redis:cache:6379,password=a,secret", "Redis at cache:6379")]
    public void ADescriptionHasNoPassword(string text, string expected)
    {
        var description = ClassifierStore.Parse(text).Description;
        StringAssert.Contains(description, expected);
        Assert.IsFalse(description.Contains("secret", StringComparison.Ordinal), description);
    }

    [TestMethod]
    [DataRow("Host=db;Password=secret")]
    [DataRow("sqlite:Data Source=a.db;Password=secret")]
    [DataRow("redis:redis://user:secret@localhost:6379")]
    [DataRow("redis:localhost:6379:secret")]
    [DataRow("redis:localhost:6379,password=a,secret==")]
    [DataRow("postgresql:Password=secret")]
    [DataRow("postgresql:Host=db;Password=a;secret=b")]
    [DataRow("postgresql:Host=db;Password=a;secret")]
    [DataRow("postgresql:Host=mlext:secret@db")]
    [DataRow("postgresql://mlext:secret@db/classifiers")]
    public void WhatIsNoStoreIsNotSpeltOutForItMayHoldAPassword(string text)
    {
        var message = Assert.Throws<ArgumentException>(() => ClassifierStore.Parse(text)).Message;
        Assert.IsFalse(message.Contains("secret", StringComparison.Ordinal), message);
    }

    [TestMethod]
    public async Task AFolderForAFileIsToldSo()
    {
        using var folder = new TemporaryFolder();
        var fault = await Assert.ThrowsExactlyAsync<IOException>(() => ClassifierStore.Sqlite(folder[""]).Prepare(CancellationToken.None));
        StringAssert.Contains(fault.Message, "is a folder");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)] // where no user, not even root, can make a file here
    public async Task AFileThatCannotBeMadeIsToldSo()
    {
        var fault = await Assert.ThrowsExactlyAsync<IOException>(() => ClassifierStore.Sqlite("/proc/classifiers.db").Prepare(CancellationToken.None));
        StringAssert.Contains(fault.Message, "must be able to write it");
    }

    [TestMethod]
    public async Task AUserWhoMayMakeNoTablesStartsWhereTheScriptWasRun()
    {
        var store = TestStores.Open(TestStores.PostgreSql);
        await store.Prepare(CancellationToken.None);
        using var database = new NpgsqlConnection(TestStores.DatabaseConnection);
        await database.OpenAsync();
        using var command = database.CreateCommand();
        command.CommandText = """
            CREATE USER limited;
            GRANT SELECT ON OrleansQuery TO limited;
            GRANT SELECT, INSERT, UPDATE, DELETE ON OrleansStorage, OrleansMembershipTable, OrleansMembershipVersionTable TO limited;
            """;
        await command.ExecuteNonQueryAsync();
        var limited = ClassifierStore.PostgreSql(new NpgsqlConnectionStringBuilder(TestStores.DatabaseConnection) { Username = "limited" }.ToString());
        await using var silo = await TestSilo.Start(limited, nameof(AUserWhoMayMakeNoTablesStartsWhereTheScriptWasRun));
        await silo.Classifiers.CreateAsync(TestSilo.Tenant, "one", TestEngine.Model("a"), "");
        await silo.Classifiers.DeleteAsync(TestSilo.Tenant, "one");
    }

    [TestMethod]
    [DataRow("sqlite:/no/such/folder/c.db", "SQLite file '/no/such/folder/c.db' cannot be used: There is no folder '/no/such/folder'.")]
    [DataRow("sqlite:/proc/self/status", "SQLite file '/proc/self/status' cannot be used: SQLite Error")]
    [DataRow("postgresql:Host=127.0.0.1;Port=1;Username=u", "PostgreSQL at 127.0.0.1, database 'u' cannot be used: ")]
    [DataRow("redis:127.0.0.1:1,connectTimeout=100,connectRetry=0", "Redis at 127.0.0.1:1 cannot be used: No Redis server answers there.")]
    public async Task WhereTheStoreCannotBeUsedNothingOfOrleansIsStartedAndTheStoreIsNamed(string store, string message)
    {
        var started = false;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.AddFewShotClassifiers(ClassifierStore.Parse(store)).ConfigureEndpoints(IPAddress.Loopback, siloPort: FreePort.Find(), gatewayPort: 0));
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new Participant(() => started = true));
        using var host = builder.Build();
        StringAssert.StartsWith((await Assert.ThrowsExactlyAsync<IOException>(() => host.StartAsync())).Message, message);
        Assert.IsFalse(started);
    }

    [TestMethod]
    [DataRow("postgresql.sql")]
    [DataRow("sqlite.sql")]
    public void AScriptSaysItsVersion(string name)
    {
        using var script = new StreamReader(typeof(ClassifierStore).Assembly.GetManifestResourceStream(name)!);
        StringAssert.Contains(script.ReadToEnd(), $"VALUES ('{ClassifierStore.VersionKey}', '{ClassifierStore.Version}')");
    }

    [TestMethod]
    [DataRow(TestStores.Sqlite)]
    [DataRow(TestStores.PostgreSql)]
    public async Task SeveralMayPrepareAStoreAtOnceAndAgain(string kind)
    {
        var store = TestStores.Open(kind);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => store.Prepare(CancellationToken.None))));
        await store.Prepare(CancellationToken.None);
    }

    private sealed class Participant(Action start) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(Participant), ServiceLifecycleStage.First, _ =>
        {
            start();
            return Task.CompletedTask;
        });
    }
}
