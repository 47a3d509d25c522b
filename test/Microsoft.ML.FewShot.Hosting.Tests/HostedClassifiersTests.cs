using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Microsoft.ML.FewShot.Hosting.Grains;
using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Hosting.Tests;

[TestClass]
public sealed class HostedClassifiersTests
{
    private const string Tenant = TestSilo.Tenant;

    public required TestContext TestContext { get; init; }

    private string Service => $"{TestContext.TestName}-{TestContext.TestDisplayName?.GetHashCode(StringComparison.Ordinal)}";

    [TestMethod]
    [DataRow(TestStores.Sqlite)]
    [DataRow(TestStores.PostgreSql)]
    [DataRow(TestStores.Redis)]
    public async Task AClassifierIsKeptReplacedAndDeleted(string store)
    {
        await using var silo = await TestSilo.Start(TestStores.Open(store), Service);
        var classifiers = silo.Classifiers;
        var made = await classifiers.CreateAsync(Tenant, "letters", TestEngine.Model("a", "b"), "first");
        Assert.AreEqual(("letters", "first", 3L, 1), (made.Name, made.Description, made.Bytes, made.Version));
        Assert.AreEqual(made, await classifiers.GetAsync(Tenant, "letters"));
        Assert.AreEqual("b", (await classifiers.PredictAsync(Tenant, "letters", [1])).Label);

        var again = await classifiers.ReplaceAsync(Tenant, "letters", TestEngine.Model("a", "c"), "second");
        Assert.AreEqual(2, again.Version);
        Assert.AreEqual("c", (await classifiers.PredictAsync(Tenant, "letters", [1])).Label);
        CollectionAssert.AreEqual(TestEngine.Model("a", "c"), await classifiers.DownloadAsync(Tenant, "letters"));
        Assert.AreEqual(1, silo.Engine.Loaded);
        Assert.AreEqual(again, (await classifiers.ListAsync(Tenant)).Single());

        await classifiers.DeleteAsync(Tenant, "letters");
        Assert.AreEqual(0, silo.Engine.Loaded);
        Assert.IsEmpty(await classifiers.ListAsync(Tenant));
        await Fails(HostedClassifierFault.NotFound, () => classifiers.PredictAsync(Tenant, "letters", [1]));
        await Fails(HostedClassifierFault.NotFound, () => classifiers.GetAsync(Tenant, "letters"));
        await Fails(HostedClassifierFault.NotFound, () => classifiers.DownloadAsync(Tenant, "letters"));
        await Fails(HostedClassifierFault.NotFound, () => classifiers.DeleteAsync(Tenant, "letters"));
        await Fails(HostedClassifierFault.NotFound, () => classifiers.ReplaceAsync(Tenant, "letters", TestEngine.Model("a"), ""));
        Assert.AreEqual(1, (await classifiers.CreateAsync(Tenant, "letters", TestEngine.Model("d"), "new")).Version);
    }

    [TestMethod]
    [DataRow(TestStores.Sqlite)]
    [DataRow(TestStores.PostgreSql)]
    [DataRow(TestStores.Redis)]
    public async Task ClassifiersOutliveTheirSilosAndAreFoundFromOthers(string store)
    {
        HostedClassifier made;
        await using (var silo = await TestSilo.Start(TestStores.Open(store), Service))
        {
            made = await silo.Classifiers.CreateAsync(Tenant, "kept", TestEngine.Model("a", "b"), "text");
        }

        await using var first = await TestSilo.Start(TestStores.Open(store), Service);
        await using var second = await TestSilo.Start(TestStores.Open(store), Service);
        Assert.AreEqual(made, await first.Classifiers.GetAsync(Tenant, "kept"));
        Assert.AreEqual("b", (await second.Classifiers.PredictAsync(Tenant, "kept", [1])).Label);
        Assert.AreEqual(1, first.Engine.Loaded + second.Engine.Loaded);
        await second.Classifiers.CreateAsync(Tenant, "other", TestEngine.Model("x"), "");
        Assert.AreEqual("x", (await first.Classifiers.PredictAsync(Tenant, "other", [0])).Label);
        CollectionAssert.AreEqual((string[])["other", "kept"], (await first.Classifiers.ListAsync(Tenant)).Select(one => one.Name).ToArray());
    }

    // Silos that do not know each other, as after a network has broken in two: each has its own activation of the same classifier.
    [TestMethod]
    [DataRow(TestStores.Sqlite)]
    [DataRow(TestStores.PostgreSql)]
    [DataRow(TestStores.Redis)]
    public async Task AWriteThatAnotherHasOvertakenIsDoneAfterIt(string store)
    {
        await using var left = await TestSilo.Start(TestStores.Open(store), Service, "left");
        await using var right = await TestSilo.Start(TestStores.Open(store), Service, "right");
        await left.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("left"), "left 1");
        Assert.AreEqual("left 1", (await right.Classifiers.GetAsync(Tenant, "one")).Description);
        await right.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("right"), "right 2");
        Assert.AreEqual("left", (await left.Classifiers.PredictAsync(Tenant, "one", [0])).Label);
        var last = await left.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("left"), "left 3");
        Assert.AreEqual(("left 3", 3), (last.Description, last.Version));
        await right.Classifiers.DeleteAsync(Tenant, "one");
        await left.Collect();
        await Fails(HostedClassifierFault.NotFound, () => left.Classifiers.GetAsync(Tenant, "one"));
        Assert.IsEmpty(await left.Classifiers.ListAsync(Tenant));
    }

    [TestMethod]
    [DataRow(TestStores.Sqlite)]
    [DataRow(TestStores.PostgreSql)]
    [DataRow(TestStores.Redis)]
    public async Task OfManyWritersOneWinsAndNoReaderFindsAMixture(string store)
    {
        const int Writers = 4;
        const int Rounds = 10;
        await using var first = await TestSilo.Start(TestStores.Open(store), Service);
        await using var second = await TestSilo.Start(TestStores.Open(store), Service);
        HostedClassifiers[] sides = [first.Classifiers, second.Classifiers];
        await sides[0].CreateAsync(Tenant, "one", TestEngine.Model("begin"), "begin");
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var name = $"{writer}-{round}";
                await sides[writer % 2].ReplaceAsync(Tenant, "one", TestEngine.Model(name, new string('x', 10_000)), name);
            }
        })).ToArray();
        var all = Task.WhenAll(writing);
        var read = new HashSet<string>(StringComparer.Ordinal);
        while (!all.IsCompleted)
        {
            var classes = Encoding.UTF8.GetString(await sides[read.Count % 2].DownloadAsync(Tenant, "one")).Split(',');
            Assert.IsTrue(classes[0] == "begin" || classes[1].Length == 10_000);
            read.Add(classes[0]);
        }

        await all;
        var last = await sides[0].GetAsync(Tenant, "one");
        Assert.AreEqual(1 + (Writers * Rounds), last.Version);
        Assert.AreEqual(last.Description, (await sides[1].PredictAsync(Tenant, "one", [0])).Label);
        Assert.AreEqual(last, (await sides[1].ListAsync(Tenant)).Single());
        Assert.IsGreaterThan(1, read.Count);
        Assert.AreEqual(1, first.Engine.Loaded + second.Engine.Loaded);
    }

    [TestMethod]
    public async Task TheOldClassifierAnswersUntilTheNewOneIsThere()
    {
        await using var silo = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service);
        await silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("old"), "old");
        var gate = new TaskCompletionSource();
        silo.Engine.BeforeLoading = _ => gate.Task;
        var replacing = silo.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("new"), "new");
        for (var i = 0; i < 3; i++)
        {
            Assert.AreEqual("old", (await silo.Classifiers.PredictAsync(Tenant, "one", [0])).Label);
            Assert.AreEqual("old", (await silo.Classifiers.GetAsync(Tenant, "one")).Description);
        }

        Assert.IsFalse(replacing.IsCompleted);
        gate.SetResult();
        await replacing;
        Assert.AreEqual("new", (await silo.Classifiers.PredictAsync(Tenant, "one", [0])).Label);
    }

    [TestMethod]
    public async Task WhatCannotBeLoadedReplacesNothingAndIsNotKept()
    {
        await using var silo = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service);
        await Fails(HostedClassifierFault.BadModel, () => silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model(TestEngine.Broken), ""));
        Assert.IsEmpty(await silo.Classifiers.ListAsync(Tenant));
        var made = await silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("a"), "");
        await Fails(HostedClassifierFault.BadModel, () => silo.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model(TestEngine.Broken), ""));
        Assert.AreEqual(made, await silo.Classifiers.GetAsync(Tenant, "one"));
        await Fails(HostedClassifierFault.BadImage, () => silo.Classifiers.PredictAsync(Tenant, "one", [9]));
        Assert.AreEqual("a", (await silo.Classifiers.PredictAsync(Tenant, "one", [0])).Label);
    }

    [TestMethod]
    public async Task WhoGotNoAnswerMayCreateAgain()
    {
        await using var silo = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service);
        var made = await silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("a"), "text");
        Assert.AreEqual(made, await silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("a"), "text"));
        await Fails(HostedClassifierFault.Exists, () => silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("b"), "text"));
        await Fails(HostedClassifierFault.Exists, () => silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("a"), "other"));
    }

    [TestMethod]
    public async Task WhoeverHasMoreThanALoweredLimitMayHaveLessInItsPlaceAndNotMore()
    {
        var store = TestStores.Open(TestStores.Sqlite);
        await using (var before = await TestSilo.Start(store, Service))
        {
            await before.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("aaaaaa"), "");
            await before.Classifiers.CreateAsync(Tenant, "two", TestEngine.Model("bbbbbb"), "");
        }

        await using var silo = await TestSilo.Start(store, Service, configure: options => (options.MaxClassifiersPerTenant, options.MaxBytesPerTenant) = (1, 5));
        await Fails(HostedClassifierFault.QuotaExceeded, () => silo.Classifiers.CreateAsync(Tenant, "three", TestEngine.Model("c"), ""));
        await Fails(HostedClassifierFault.QuotaExceeded, () => silo.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("ccccccc"), ""));
        await silo.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("cccccc"), "");
        await silo.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("ddd"), "");
        StringAssert.Contains(await Fails(HostedClassifierFault.QuotaExceeded, () => silo.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("cccccc"), "")), "would have 12 bytes");
        Assert.AreEqual("ddd", (await silo.Classifiers.PredictAsync(Tenant, "one", [0])).Label);
    }

    [TestMethod]
    public async Task AnOptionOutOfItsRangeIsNamed()
    {
        var fault = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service, configure: options =>
        {
            options.MaxClassifiersPerTenant = 0;
            options.MaxBytesPerTenant = -1;
            options.IdleTime = TimeSpan.FromMinutes(1);
            options.RetryTime = TimeSpan.FromSeconds(-1);
        }));
        CollectionAssert.AreEquivalent(
            (string[])["Property MaxClassifiersPerTenant: expected at least 1, found 0", "Property MaxBytesPerTenant: expected at least 1, found -1",
                "Property IdleTime: expected more than a minute, found 00:01:00", "Property RetryTime: expected zero or more, found -00:00:01"],
            fault.Failures.ToArray());
    }

    [TestMethod]
    public async Task ATenantHasWhatItMayAndSeesNobodyElses()
    {
        await using var silo = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service, configure: options =>
        {
            options.MaxClassifiersPerTenant = 2;
            options.MaxBytesPerTenant = 10;
            options.MaxClassifierBytes = 8;
        });
        var classifiers = silo.Classifiers;
        await classifiers.CreateAsync(Tenant, "one", TestEngine.Model("aaaa"), "");
        StringAssert.Contains(await Fails(HostedClassifierFault.QuotaExceeded, () => classifiers.CreateAsync(Tenant, "two", TestEngine.Model("aaaaaaa"), "")), "would have 11 bytes");
        StringAssert.Contains(await Fails(HostedClassifierFault.QuotaExceeded, () => classifiers.CreateAsync(Tenant, "two", TestEngine.Model("aaaaaaaaa"), "")), "has 9 bytes; one may have 8");
        await classifiers.CreateAsync(Tenant, "two", TestEngine.Model("aaaa"), "");
        StringAssert.Contains(await Fails(HostedClassifierFault.QuotaExceeded, () => classifiers.CreateAsync(Tenant, "three", TestEngine.Model("a"), "")), "has 2 classifiers, and may have 2");
        await Fails(HostedClassifierFault.NotFound, () => classifiers.GetAsync(Tenant, "three"));
        await classifiers.ReplaceAsync(Tenant, "two", TestEngine.Model("bbbbbb"), "");
        await Fails(HostedClassifierFault.QuotaExceeded, () => classifiers.ReplaceAsync(Tenant, "two", TestEngine.Model("bbbbbbb"), ""));
        Assert.AreEqual("bbbbbb", (await classifiers.PredictAsync(Tenant, "two", [0])).Label);
        await classifiers.DeleteAsync(Tenant, "one");
        await classifiers.CreateAsync(Tenant, "three", TestEngine.Model("aaaa"), "");

        await Fails(HostedClassifierFault.NotFound, () => classifiers.GetAsync("other", "two"));
        await Fails(HostedClassifierFault.NotFound, () => classifiers.DeleteAsync("other", "two"));
        Assert.IsEmpty(await classifiers.ListAsync("other"));
        await classifiers.CreateAsync("other", "two", TestEngine.Model("c"), "");
        Assert.AreEqual("bbbbbb", (await classifiers.PredictAsync(Tenant, "two", [0])).Label);
        Assert.AreEqual("c", (await classifiers.PredictAsync("other", "two", [0])).Label);
    }

    [TestMethod]
    public async Task AClassifierThatNobodyAsksLeavesTheMemoryAndIsLoadedAgain()
    {
        await using var silo = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service);
        var made = await silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("a"), "");
        Assert.AreEqual(1, silo.Engine.Loaded);
        await silo.Collect();
        Assert.AreEqual(0, silo.Engine.Loaded);
        Assert.AreEqual(made, await silo.Classifiers.GetAsync(Tenant, "one"));
        Assert.AreEqual(0, silo.Engine.Loaded);
        Assert.AreEqual("a", (await silo.Classifiers.PredictAsync(Tenant, "one", [0])).Label);
        Assert.AreEqual(1, silo.Engine.Loaded);
    }

    [TestMethod]
    public async Task WhileTheStoreCannotBeReachedWhatIsInTheMemoryAnswersAndAllElseIsUnavailable()
    {
        await using var first = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service);
        await using var second = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service);
        await first.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("old"), "old");
        Rename("OrleansStorage", "Hidden");
        try
        {
            foreach (var side in (HostedClassifiers[])[first.Classifiers, second.Classifiers])
            {
                await Fails(HostedClassifierFault.Unavailable, () => side.ReplaceAsync(Tenant, "one", TestEngine.Model("new"), "new"));
                await Fails(HostedClassifierFault.Unavailable, () => side.CreateAsync(Tenant, "two", TestEngine.Model("a"), ""));
                await Fails(HostedClassifierFault.Unavailable, () => side.DeleteAsync(Tenant, "one"));
                var message = await Fails(HostedClassifierFault.Unavailable, () => side.GetAsync(Tenant, "three"));
                Assert.AreEqual("The cluster or its store cannot answer at the moment; try again later.", message);
                Assert.AreEqual("old", (await side.PredictAsync(Tenant, "one", [0])).Label);
            }
        }
        finally
        {
            Rename("Hidden", "OrleansStorage");
        }

        Assert.AreEqual(2, (await second.Classifiers.ReplaceAsync(Tenant, "one", TestEngine.Model("new"), "new")).Version);
        Assert.AreEqual("new", (await first.Classifiers.PredictAsync(Tenant, "one", [0])).Label);
        Assert.AreEqual("one", (await first.Classifiers.ListAsync(Tenant)).Single().Name);
    }

    // Orleans would let both listen there, and one of them be told dead.
    [TestMethod]
    public async Task ASiloDoesNotStartAtThePortOfAnother()
    {
        var port = FreePort.Find();
        await using var silo = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service, port: port);
        var e = await Assert.ThrowsAsync<IOException>(() => TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service, port: port));
        StringAssert.Contains(e.Message, $"cannot listen at 127.0.0.1:{port}");
        await silo.Classifiers.CreateAsync(Tenant, "one", TestEngine.Model("a"), "");
    }

    // As a silo leaves it that ends between entering a classifier in the list and writing it.
    [TestMethod]
    public async Task AListEntryWithoutAClassifierIsTakenOffWhenItIsAskedFor()
    {
        await using var silo = await TestSilo.Start(TestStores.Open(TestStores.Sqlite), Service);
        await silo.Grains.GetGrain<ITenantGrain>(Tenant).Admit(new HostedClassifier("ghost", "", 1, 1, DateTimeOffset.UnixEpoch));
        Assert.HasCount(1, await silo.Classifiers.ListAsync(Tenant));
        await Fails(HostedClassifierFault.NotFound, () => silo.Classifiers.GetAsync(Tenant, "ghost"));
        Assert.IsEmpty(await silo.Classifiers.ListAsync(Tenant));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a/b")]
    [DataRow(".a")]
    [DataRow("a b")]
    [DataRow("é")]
    [DataRow("a\n")]
    public async Task WhatIsNoNameIsRefused(string name)
    {
        Assert.IsFalse(HostedClassifiers.IsName(name));
        var classifiers = new HostedClassifiers(null!, Options.Create(new HostedClassifierOptions()), TimeProvider.System);
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => classifiers.GetAsync(Tenant, name));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => classifiers.GetAsync(name, "a"));
    }

    private static void Rename(string table, string name)
    {
        using var connection = new SqliteConnection($"Data Source={TestStores.SqliteFile}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"ALTER TABLE {table} RENAME TO {name}";
        command.ExecuteNonQuery();
    }

    private static async Task<string> Fails(HostedClassifierFault fault, Func<Task> act)
    {
        var e = await Assert.ThrowsExactlyAsync<HostedClassifierException>(act);
        Assert.AreEqual(fault, e.Fault, e.Message);
        return e.Message;
    }
}
