using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using TorchSharp;
using Options = Microsoft.ML.FewShot.FewShotHyperTransformerTrainer.Options;

namespace MLExtensions.Accuracy.FewShot;

/// <summary>Every few-shot method with the same target network and equal processor time.</summary>
/// <param name="tasks">What they train on, and what they are measured by.</param>
internal sealed class FewShotStudy(FewShotTasks tasks)
{
    /// <summary>One training run, and what each of the methods that need it comes to.</summary>
    internal IEnumerable<FewShotRun> Run(FewShotTrainingKind kind, IReadOnlyCollection<string> contenders, int channels, int seed, TimeSpan time)
    {
        var options = OptionsOf(kind, channels);
        var shape = FewShotSettings.Shape(options, tasks.Training.Shape);
        var settings = FewShotSettings.Training(options, seed) with
        {
            Loop = new TrainingSettings { TimeBudget = time, ValidationEpochs = int.MaxValue, Clock = new ProcessorClock() },
        };
        IHostEnvironment context = new MLContext(seed);
        using var channel = context.Register(nameof(FewShotStudy)).Start("Train");
        using var kept = KeptMemory.Hold(); // as the trainer does: without it what a step costs depends on what ran before in the process
        return MetaLearner.Is(options.Method)
            ? RunMetaLearner(options, contenders, shape, settings, channel)
            : RunGenerator(kind, contenders, shape, settings, channel);
    }

    private List<FewShotRun> RunGenerator(FewShotTrainingKind kind, IReadOnlyCollection<string> contenders, FewShotShape shape, FewShotTrainingSettings settings, IChannel channel)
    {
        if (kind == FewShotTrainingKind.Backbone)
        {
            settings = settings with { Clusters = settings.Clusters with { Steps = 0 } };
        }

        var outcome = FewShotTraining.Run(tasks.Training, null, shape, settings, channel, torch.CPU);
        var model = outcome.Model;
        using var network = new FewShotNetwork(model, FewShotMethod.HyperTransformer, outcome.Scale, torch.CPU);
        var trained = (kind == FewShotTrainingKind.Backbone ? model.Backbone : (torch.nn.Module)model).parameters().Sum(parameter => parameter.numel());
        var steps = outcome.Stages.Sum(stage => stage.Result.Steps);
        var runs = new List<FewShotRun>();
        foreach (var contender in contenders)
        {
            using var solver = network.Solver(MethodOf(contender), isTransductive: false);
            runs.Add(new FewShotRun(contender, shape.Channels, settings.Seed, TargetParameters(shape), trained, steps, settings.Loop.TimeBudget!.Value.TotalSeconds,
                Measure(solver, outcome.Scale)));
        }

        return runs;
    }

    private List<FewShotRun> RunMetaLearner(Options options, IReadOnlyCollection<string> contenders, FewShotShape shape, FewShotTrainingSettings settings, IChannel channel)
    {
        var outcome = MetaLearnerTraining.Run(tasks.Training, null, shape, FewShotSettings.LearnerOf(options, shape), settings, channel, torch.CPU);
        using var model = outcome.Model;
        using var solver = new MetaLearnerSolver(model, transductive: false);
        return
        [
            new FewShotRun(contenders.Single(), shape.Channels, settings.Seed, TargetParameters(shape), model.parameters().Sum(parameter => parameter.numel()), outcome.Result.Steps,
                settings.Loop.TimeBudget!.Value.TotalSeconds, Measure(solver, outcome.Scale)),
        ];
    }

    private Dictionary<string, double[]> Measure(ITaskSolver solver, ImageNormalization scale) => tasks.Protocols.ToDictionary(one => one.Name, one =>
    {
        var scores = TaskEvaluator.Measure(solver, tasks.HeldOut, scale, one.Options, torch.CPU);
        return new[] { scores.Accuracy, scores.ConfidenceHalfWidth95 };
    });

    // Everything that is not named is as a user has it who names nothing.
    private static Options OptionsOf(FewShotTrainingKind kind, int channels) => new()
    {
        Channels = channels,
        Model = { GeneratedConvolutions = kind == FewShotTrainingKind.AllLayers ? 4 : 0, FirstOrder = kind == FewShotTrainingKind.MamlFirstOrder },
        Method = kind switch
        {
            FewShotTrainingKind.AllLayers or FewShotTrainingKind.Logits => FewShotMethod.HyperTransformer,
            FewShotTrainingKind.Backbone => FewShotMethod.PrototypicalNetwork,
            FewShotTrainingKind.LstmMetaLearner => FewShotMethod.LstmMetaLearner,
            FewShotTrainingKind.LgmNet => FewShotMethod.LgmNet,
            _ => FewShotMethod.Maml,
        },
    };

    /// <summary>Kernels, scale and offset of every channel, and the logits layer.</summary>
    private long TargetParameters(FewShotShape shape) =>
        Enumerable.Range(0, shape.Convolutions).Sum(layer => (9L * shape.InputChannels(layer) * shape.Channels) + (2 * shape.Channels)) + (tasks.Ways * (shape.TargetLength + 1));

    private static FewShotMethod MethodOf(string contender) => contender switch
    {
        "prototypes" => FewShotMethod.PrototypicalNetwork,
        "soft-k-means" => FewShotMethod.SoftKMeans,
        "logistic-regression" => FewShotMethod.LogisticRegression,
        _ => FewShotMethod.HyperTransformer,
    };
}
