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
    public void ADescriptionHasNoPassword(string text, string expected)
    {
        var description = ClassifierStore.Parse(text).Description;
        StringAssert.Contains(description, expected);
        Assert.IsFalse(description.Contains("secret", StringComparison.Ordinal), description);
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
}
