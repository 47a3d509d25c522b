using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT.Models;
using MLExtensions.Testing;
using static TorchSharp.torch;
using Metrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.ImageClassificationMetrics;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class FitTests
{
    private readonly MLContext _context = new();
    private readonly IDataView _data;

    public FitTests() => _data = DrawnImages.Keyed(_context, DrawnImages.Pictures(60));

    [TestMethod]
    public void EqualSeedsGiveEqualModelsWhereverTheSeedComesFromAndThePixelsLie()
    {
        var first = Scores(_context, options => options.Seed = 7);
        Assert.AreEqual(first, Scores(new MLContext(seed: 3), options => options.Seed = 7));
        Assert.AreEqual(first, Scores(new MLContext(seed: 7), options => options.Seed = null));
        Assert.AreNotEqual(first, Scores(_context, options => options.Seed = 8));
        foreach (var inMemory in (long[])[0, 100_000])
        {
            Assert.AreEqual(first, Scores(_context, options => (options.Seed, options.Recipe.PixelCacheBytes) = (7, inMemory)));
        }
    }

    [TestMethod]
    public void TheCallbackIsToldAboutBothSetsAndEachTimeByANewObject()
    {
        var told = new List<Metrics>();
        using var model = DrawnImages.Trainer(_context, options => options.MetricsCallback = told.Add).Fit(_data);
        Assert.HasCount(told.Count, told.Distinct().ToArray());
        Metrics[] validations = [.. told.Where(metrics => metrics.Train.DatasetUsed == Metrics.Dataset.Validation)];
        CollectionAssert.AreEqual(new[] { 1, 2 }, validations.Select(metrics => metrics.Train.Epoch).Distinct().ToArray());
        Assert.IsTrue(validations.All(metrics => metrics.Train.Accuracy is >= 0 and <= 1 && metrics.Train.CrossEntropy > 0));
        Assert.IsTrue(told.All(metrics => metrics.Progress is >= 0 and <= 1 && metrics.Elapsed >= TimeSpan.Zero));
        Assert.AreEqual(1, told[^1].Progress);

        var train = told.Last(metrics => metrics.Train.DatasetUsed == Metrics.Dataset.Train);
        Assert.MatchesRegex(@"^Phase: Training, Dataset used:      Train, Batch Processed Count: +\d+, Epoch: +2, Accuracy: +[\d.E-]+, Cross-Entropy: +[\d.E-]+, Learning Rate: +[\d.E-]+$", train.ToString());
        Assert.MatchesRegex(@"^Phase: Training, Dataset used: Validation, Batch Processed Count: +\d+, Epoch: +2, Accuracy: +[\d.E-]+, Cross-Entropy: +[\d.E-]+$", validations[^1].ToString());
    }

    [TestMethod]
    public void WithoutACallbackTheLogHasTheLinesTheSeedAndTheDevice()
    {
        var log = Log(_context);
        using var model = DrawnImages.Trainer(_context, options => options.Seed = null).Fit(_data);
        Assert.IsTrue(log.Any(line => line.Contains("Dataset used:      Train", StringComparison.Ordinal)));
        Assert.IsTrue(log.Any(line => line.Contains("Dataset used: Validation", StringComparison.Ordinal)));
        Assert.IsTrue(log.Any(line => line.Contains("this training uses seed ", StringComparison.Ordinal)));
        Assert.IsTrue(log.Any(line => line.Contains("Using the CPU", StringComparison.Ordinal)));
        Assert.IsTrue(log.Any(line => line.Contains("Training ended (Completed) after 2 epochs", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void TheSecondArgumentOfFitIsTheValidationSet()
    {
        var told = new List<Metrics>();
        var trainer = DrawnImages.Trainer(_context, options => (options.MetricsCallback, options.ValidationSetFraction) = (told.Add, null));
        using (trainer.Fit(_data))
        {
            Assert.IsFalse(told.Any(metrics => metrics.Train.DatasetUsed == Metrics.Dataset.Validation));
        }

        using (trainer.Fit(_data, _data))
        {
            Assert.IsTrue(told.Any(metrics => metrics.Train.DatasetUsed == Metrics.Dataset.Validation));
        }
    }

    public static IEnumerable<object[]> Mixers => Enum.GetValues<TokenMixer>().Select(mixer => new object[] { mixer });

    [TestMethod]
    [DynamicData(nameof(Mixers))]
    public void AModelWithAnyMixerAndWhatIsBesideItScoresTheSameWhenItIsLoadedAgain(TokenMixer mixer)
    {
        using var model = DrawnImages.Trainer(_context, options =>
        {
            (options.Epoch, options.TokenMixer) = (1, mixer);
            (options.Model.LocalMixing, options.Model.OutputGate) = ((LocalMixing)((int)mixer % 3), (int)mixer % 2 == 0);
            options.Model.Pooling = (TokenPooling)((int)mixer % 2);
        }).Fit(_data);
        using var file = new MemoryStream();
        _context.Model.Save(model, _data.Schema, file);
        file.Position = 0;
        var loaded = _context.Model.LoadVerified(file, out _);
        Assert.AreEqual(DrawnImages.Bits(model.Transform(_data)), DrawnImages.Bits(loaded.Transform(_data)));
        ((IDisposable)loaded).Dispose();
    }

    [TestMethod]
    public void TrainingStopsEarlyWhenNothingGetsBetter()
    {
        var told = new List<Metrics>();
        using var model = DrawnImages.Trainer(_context, options =>
        {
            options.Epoch = 50;
            options.MetricsCallback = told.Add;
            options.EarlyStoppingCriteria = new(minDelta: 2, patience: 2); // accuracy never rises by 2
        }).Fit(_data);
        Assert.IsLessThanOrEqualTo(4, told.Max(metrics => metrics.Train.Epoch));
    }

    [TestMethod]
    public void ACancelledTrainingKeepsTheBestModelSoFar()
    {
        using var cancellation = new CancellationTokenSource();
        var log = Log(_context);
        using var model = DrawnImages.Trainer(_context, options =>
        {
            options.Epoch = 1000;
            options.CancellationToken = cancellation.Token;
            options.MetricsCallback = metrics =>
            {
                if (metrics.Train.DatasetUsed == Metrics.Dataset.Validation)
                {
                    cancellation.Cancel();
                }
            };
        }).Fit(_data);
        Assert.IsTrue(log.Any(line => line.Contains("Training ended (Cancelled)", StringComparison.Ordinal)));
        // 48 images in batches of 16: no other was begun.
        Assert.IsTrue(log.Any(line => line.Contains("Training was cancelled after step 3; the weights of epoch 1 are kept.", StringComparison.Ordinal)), string.Join('\n', log));
        Assert.HasCount(60, model.Transform(_data).GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    [DataRow(TTTImageClassificationTrainer.OptimizerAlgorithm.Muon)]
    [DataRow(TTTImageClassificationTrainer.OptimizerAlgorithm.AdamW)]
    public void AtTheLargestLearningRatesThereIsAModelThatAnswersOrAClearError(TTTImageClassificationTrainer.OptimizerAlgorithm optimizer)
    {
        var log = Log(_context);
        var trainer = DrawnImages.Trainer(_context, options =>
        {
            (options.Epoch, options.LearningRate) = (20, 1);
            (options.Recipe.Optimizer, options.Recipe.MatrixLearningRate, options.Recipe.WarmUpFraction) = (optimizer, 1, 0);
        });
        try
        {
            using var model = trainer.Fit(_data);
            Assert.IsTrue(model.Transform(_data).GetColumn<float[]>("Score").All(scores => scores.All(float.IsFinite)));
            Assert.IsTrue(log.Any(line => line.Contains("Training ended (Completed)", StringComparison.Ordinal))
                || log.Any(line => line.Contains("Training stops and keeps the weights of epoch ", StringComparison.Ordinal)));
        }
        catch (InvalidOperationException e)
        {
            StringAssert.Contains(e.Message, "No weights had been validated before, so there is no model to keep. A lower learning rate may help.");
        }
    }

    [TestMethod]
    public void ATrainingThatWasCancelledBeforeItBeganThrows()
    {
        Assert.ThrowsExactly<OperationCanceledException>(() => DrawnImages.Trainer(_context, options => options.CancellationToken = new(canceled: true)).Fit(_data));
    }

    [TestMethod]
    public void AResumedTrainingEndsWhereAnUninterruptedOneDoes()
    {
        using var folder = new TemporaryFolder();
        var path = folder["run.checkpoint"];
        using var cancellation = new CancellationTokenSource();
        void Configure(TTTImageClassificationTrainer.Options options) => (options.Epoch, options.CheckpointPath) = (3, path);
        using (DrawnImages.Trainer(_context, options =>
        {
            Configure(options);
            options.CancellationToken = cancellation.Token;
            options.MetricsCallback = metrics =>
            {
                if (metrics.Train.Epoch == 2)
                {
                    cancellation.Cancel();
                }
            };
        }).Fit(_data))
        {
            Assert.IsTrue(File.Exists(path));
        }

        using var resumed = DrawnImages.Trainer(_context, Configure).Fit(_data);
        Assert.IsFalse(File.Exists(path));
        Assert.AreEqual(Scores(_context, options => options.Epoch = 3), DrawnImages.Bits(resumed.Transform(_data)));
    }

    [TestMethod]
    public void TwoTrainingsAtATimeEndAsOneAlone()
    {
        using var bothTrain = new Barrier(2);
        var met = 0;
        string Train(bool isAlone) => Scores(new MLContext(1), options => options.MetricsCallback = _ => met += isAlone || met > 1 ? 0 : bothTrain.SignalAndWait(TimeSpan.FromMinutes(1)) ? 1 : 0);
        var results = new string[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = Train(isAlone: false)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.IsGreaterThan(0, met);
        var alone = "";
        var third = new Thread(() => alone = Train(isAlone: true));
        third.Start();
        third.Join();
        CollectionAssert.AreEqual((string[])[alone, alone], results);
    }

    [TestMethod]
    public void ATimedTrainingEndsInTime()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var model = DrawnImages.Trainer(_context, options => options.TrainTime = TimeSpan.FromSeconds(3)).Fit(_data);
        Assert.IsLessThan(8, watch.Elapsed.TotalSeconds); // generous: other work may share the machine
        Assert.IsGreaterThan(1.5, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void AFittedModelIsAllThatStaysAliveAndDisposingItFreesThat()
    {
        var shape = TttSettings.Shape(DrawnImages.SmallOptions(), ImageBackbone.None, DrawnImages.Side, classes: 3);
        new VisionTransformer(shape, seed: 1).Dispose(); // whatever is set up at first use is there now
        var before = Tensor.TotalCount;
        new VisionTransformer(shape, seed: 1).Dispose();
        var countedForEver = Tensor.TotalCount - before; // torch never takes the tensors that became parameters off its count

        before = Tensor.TotalCount;
        var model = DrawnImages.Trainer(_context).Fit(_data);
        var owned = Tensor.TotalCount - before;
        Assert.HasCount(60, model.Transform(_data).GetColumn<uint>("PredictedLabel").ToArray());
        Assert.AreEqual(owned, Tensor.TotalCount - before, "scoring left tensors behind");
        model.Dispose();
        model.Dispose();
        Assert.AreEqual(countedForEver, Tensor.TotalCount - before, "disposing left tensors behind");
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(_data).GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void AModelDisposedOfWhileOthersScoreAnswersThemOrRefusesAndNeverCrashes()
    {
        using var file = new MemoryStream();
        using (var trained = DrawnImages.Trainer(_context).Fit(_data))
        {
            _context.Model.Save(trained, _data.Schema, file);
        }

        var expected = "";
        for (var round = 0; round < 8; round++)
        {
            file.Position = 0;
            var model = (TTTImageClassificationTransformer)_context.Model.Load(file, out _);
            if (round == 0)
            {
                expected = DrawnImages.Bits(model.Transform(_data));
            }

            using var started = new CountdownEvent(3);
            Task<int>[] users = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() => ScoreUntilRefused(model, started, expected), TaskCreationOptions.LongRunning))];
            started.Wait();
            model.Dispose();
            Task.WaitAll(users);
            Assert.IsTrue(users.All(user => user.Result > 0));
        }
    }

    // How often it was answered.
    private int ScoreUntilRefused(TTTImageClassificationTransformer model, CountdownEvent started, string expected)
    {
        var answers = 0;
        try
        {
            for (; ; answers++)
            {
                Assert.AreEqual(expected, DrawnImages.Bits(model.Transform(_data)));
                if (answers == 0)
                {
                    started.Signal();
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return answers;
        }
    }

    private string Scores(MLContext context, Action<TTTImageClassificationTrainer.Options> change)
    {
        using var model = DrawnImages.Trainer(context, change).Fit(_data);
        return DrawnImages.Bits(model.Transform(_data));
    }

    private static List<string> Log(MLContext context)
    {
        var lines = new List<string>();
        context.Log += (_, log) =>
        {
            if (log.Kind >= ChannelMessageKind.Info)
            {
                lock (lines)
                {
                    lines.Add(log.RawMessage);
                }
            }
        };
        return lines;
    }
}
