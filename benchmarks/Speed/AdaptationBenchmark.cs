using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.VisionCore.Images;
using static TorchSharp.torch;

namespace MLExtensions.Benchmarks;

/// <summary>
/// How long from a support set to a classifier? 20 classes, one image of 28x28 each, one core. FromDataView is all that a user waits for: reading 20
/// images of 105x105, scaling them, generating the logits layer, and a transformer that is ready to score; the others begin with the images as a tensor.
/// </summary>
public class AdaptationBenchmark
{
    private const int Ways = 20, Side = 28, DrawnSide = 105;

    private readonly List<IDisposable> _models = [];
    private readonly Dictionary<string, ITaskSolver> _solvers = [];
    private FewShotHyperTransformer? _transformer;
    private IDataView? _data;
    private Tensor? _support, _candidates;

    /// <summary>c, of every convolution.</summary>
    [Params(8, 64)]
    public int Channels { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(1);
        var shape = Shape(FewShotMethod.HyperTransformer);
        var logits = Keep(new HyperTransformerModel(shape, seed: 1));
        var all = Keep(new HyperTransformerModel(shape with { GeneratedLayers = 4 }, seed: 1));
        var maml = Keep(new MamlModel(Shape(FewShotMethod.Maml), new MamlSettings(), new Random(1)));
        foreach (var model in new nn.Module[] { logits, all, maml })
        {
            model.eval();
        }

        _solvers[nameof(Prototypes)] = EmbeddingSolver.Of(FewShotMethod.PrototypicalNetwork, logits);
        _solvers[nameof(LogisticRegression)] = EmbeddingSolver.Of(FewShotMethod.LogisticRegression, logits);
        _solvers[nameof(LogitsLayer)] = new GeneratorSolver(logits);
        _solvers[nameof(AllLayers)] = new GeneratorSolver(all);
        _solvers[nameof(Maml)] = new MetaLearnerSolver(maml, transductive: false);
        var random = new Random(2);
        _support = tensor(Enumerable.Range(0, Ways * Side * Side).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray(), [1, Ways, 1, Side, Side]);
        _candidates = eye(Ways).unsqueeze(0);

        var context = new MLContext(1);
        _data = context.Data.LoadFromEnumerable(Enumerable.Range(0, Ways).Select(number => Draw(number, random)).ToArray());
        var network = new FewShotNetwork(new HyperTransformerModel(shape, seed: 1), FewShotMethod.HyperTransformer, new ImageNormalization([128], [64]), CPU);
        _transformer = new FewShotHyperTransformer(((IHostEnvironment)context).Register(nameof(AdaptationBenchmark)), network, FewShotColumns.Standard);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _models.AddRange(_solvers.Values);
        _models.AddRange([_transformer!, _support!, _candidates!]);
        _models.ForEach(one => one.Dispose());
        _models.Clear();
        _solvers.Clear();
    }

    [Benchmark]
    public void FromDataView() => _transformer!.CreateClassifier(_data!).Dispose();

    [Benchmark(Baseline = true)]
    public void LogitsLayer() => Solve(nameof(LogitsLayer));

    [Benchmark]
    public void AllLayers() => Solve(nameof(AllLayers));

    [Benchmark]
    public void Prototypes() => Solve(nameof(Prototypes));

    [Benchmark]
    public void LogisticRegression() => Solve(nameof(LogisticRegression));

    [Benchmark]
    public void Maml() => Solve(nameof(Maml));

    private void Solve(string method)
    {
        using var task = _solvers[method].Solve(_support!, _candidates!);
        task.Extract(0).Dispose();
    }

    // What the trainer makes of these channels and this side.
    private FewShotShape Shape(FewShotMethod method) =>
        FewShotSettings.Shape(new FewShotHyperTransformerTrainer.Options { Method = method, Channels = Channels }, ExampleShape.Images(colors: 1, Side));

    private T Keep<T>(T model)
        where T : IDisposable
    {
        _models.Add(model);
        return model;
    }

    private static Sample Draw(int number, Random random)
    {
        var pixels = new byte[4 * DrawnSide * DrawnSide];
        random.NextBytes(pixels);
        return new Sample { Features = MLImage.CreateFromPixels(DrawnSide, DrawnSide, MLPixelFormat.Rgba32, pixels), Label = $"class {number}" };
    }

    private sealed class Sample
    {
        [ImageType(DrawnSide, DrawnSide)]
        public required MLImage Features { get; init; }

        public required string Label { get; init; }
    }
}
