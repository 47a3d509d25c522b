using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Microsoft.ML;
using MLExtensions.Testing;

namespace MLExtensions.Feed.Tests;

[TestClass]
public sealed class EnginePoolTests
{
    [TestMethod]
    public void APoolPredictsWithTheModelOfAFile()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable([new Question { Number = 1 }]);
        context.Model.Save(context.Transforms.CopyColumns("Answer", "Number").Fit(data), data.Schema, folder["copy.zip"]);
        var pool = Pool(builder => builder.FromFile(filePath: folder["copy.zip"], watchForChanges: false));
        Assert.AreEqual(7f, pool.Predict(new Question { Number = 7 }).Answer);

        var first = pool.GetPredictionEngine();
        var second = pool.GetPredictionEngine();
        Assert.AreNotSame(first, second);
        pool.ReturnPredictionEngine(first);
        Assert.AreSame(first, pool.GetPredictionEngine());
    }

    [TestMethod]
    public void AModelFileThatIsMissingIsFoundWhenThePoolIsMade()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => Pool(builder => builder.FromFile(filePath: "no-such-file.zip", watchForChanges: false)));
        StringAssert.Contains(exception.Message, "no-such-file.zip");
    }

    [TestMethod]
    public void APoolWithoutAModelHasNoEngines() => Assert.ThrowsExactly<ArgumentException>(() => Pool(_ => { }).GetPredictionEngine());

    private static PredictionEnginePool<Question, Reply> Pool(Action<PredictionEnginePoolBuilder<Question, Reply>> configure)
    {
        var services = new ServiceCollection();
        configure(services.AddPredictionEnginePool<Question, Reply>());
        return services.BuildServiceProvider().GetRequiredService<PredictionEnginePool<Question, Reply>>();
    }

    private sealed class Question
    {
        public float Number { get; set; }
    }

    private sealed class Reply
    {
        public float Answer { get; set; }
    }
}
