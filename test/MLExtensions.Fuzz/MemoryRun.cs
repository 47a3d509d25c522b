using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using TorchSharp;

namespace MLExtensions.Fuzz;

/// <summary>Long paths, each taken many times in one process with one context: as many tensors must be alive at the end as at the beginning, and the resident set must stay where it was.</summary>
internal sealed class MemoryRun : IDisposable
{
    /// <summary>A tenth of the work, after which memory is counted.</summary>
    private const int WarmUpPart = 10;

    private const double LargestGrowth = 1.05;

    /// <summary>Beyond that part, what the allocators may keep of freed memory as it falls.</summary>
    private const long Slack = 16L << 20;

    private readonly MLContext _context = new(1);
    private readonly Dictionary<string, Action> _paths;
    private readonly ITransformer[] _models;

    public MemoryRun()
    {
        (var trainer, _, var pictures) = SmallTraining.Of(_context, SmallTraining.Images, checkpoint: null, isTiny: true);
        var (fewShotTrainer, examples, support) = SmallTraining.Of(_context, SmallTraining.FewShot, checkpoint: null, isTiny: true);
        var image = trainer.Fit(pictures);
        var generator = (FewShotHyperTransformer)fewShotTrainer.Fit(examples);
        var classifier = generator.CreateClassifier(support);
        _models = [image, generator, classifier];
        byte[][] files = [.. _models.Select(model => Saved(model, support.Schema))];
        var tasks = new FewShotEvaluationOptions { Ways = 2, Queries = 2, Tasks = 5, UnknownWays = 1, Baselines = [FewShotMethod.PrototypicalNetwork, FewShotMethod.LogisticRegression] };
        _paths = new Dictionary<string, Action>
        {
            ["train"] = () =>
            {
                Free(trainer.Fit(pictures));
                Free(fewShotTrainer.Fit(examples));
            },
            ["cross-validate"] = () =>
            {
                CrossValidate(pictures, trainer);
                CrossValidate(support, _context.MulticlassClassification.Trainers.FewShotClassifier(generator));
            },
            ["episodes"] = () => _context.MulticlassClassification.EvaluateFewShot(generator, examples, tasks),
            ["adapt"] = () => generator.CreateClassifier(support, new FewShotClassifierOptions { KeepSupport = true, RejectUnknown = true }).Dispose(),
            ["score"] = () =>
            {
                _ = image.Transform(pictures).GetColumn<float[]>("Score").Count();
                _ = classifier.Transform(support).GetColumn<float[]>("Score").Count();
            },
            ["save"] = () => Array.ForEach(_models, model => Saved(model, support.Schema)),
            ["load"] = () => Array.ForEach(files, file =>
            {
                Free(_context.Model.Load(new MemoryStream(file), out _));
                Free(_context.Model.LoadVerified(new MemoryStream(file), out _));
            }),
            ["export"] = () =>
            {
                _context.Model.ExportToOnnx(image, Stream.Null);
                _context.Model.ExportToOnnx(classifier, Stream.Null);
            },
        };
    }

    /// <summary>The names of all paths.</summary>
    public IEnumerable<string> Paths => _paths.Keys;

    /// <summary>Takes a path many times, and says what memory was like.</summary>
    /// <param name="path">One of <see cref="Paths"/>.</param>
    /// <param name="times">How often, after a tenth as often.</param>
    /// <returns>Whether nothing was left.</returns>
    public bool Run(string path, int times)
    {
        var watch = Stopwatch.StartNew();
        Repeat(_paths[path], Math.Max(1, times / WarmUpPart));
        var (tensors, before, managed) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, Resident(), GC.GetTotalMemory(forceFullCollection: false));
        Repeat(_paths[path], times);
        var (left, after) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount - tensors, Resident());
        var (hasLeft, hasGrown) = (left != 0, after > (before * LargestGrowth) + Slack);
        Console.WriteLine(FormattableString.Invariant($"{path}, {times} times in {watch.Elapsed.TotalSeconds:F0} s: {left} tensors left{(hasLeft ? " (!)" : "")}; ")
            + FormattableString.Invariant($"resident {before >> 20} MiB after a tenth and {after >> 20} MiB at the end{(hasGrown ? " (!)" : "")}, of it on the managed heap {managed >> 10} and {GC.GetTotalMemory(forceFullCollection: false) >> 10} KiB"));
        return !hasLeft && !hasGrown;
    }

    public void Dispose() => Array.ForEach(_models, Free);

    private static void Repeat(Action action, int times)
    {
        for (var time = 0; time < times; time++)
        {
            action();
        }
    }

    private void CrossValidate(IDataView data, IEstimator<ITransformer> estimator)
    {
        foreach (var fold in _context.MulticlassClassification.CrossValidate(data, estimator, numberOfFolds: 2, seed: 1))
        {
            Free(fold.Model);
        }
    }

    private byte[] Saved(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _context.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    private static void Free(ITransformer model) => ((IDisposable)model).Dispose();

    /// <summary>The resident set in bytes, when what the collector keeps for later has been given back.</summary>
    public static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
