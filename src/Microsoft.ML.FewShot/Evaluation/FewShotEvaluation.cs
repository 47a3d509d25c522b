using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Options;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Measures a hyper-transformer and baselines on the same tasks.</summary>
internal static class FewShotEvaluation
{
    /// <summary>The metrics of the hyper-transformer, then those of the baselines, then those of other models.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of range; or a column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">The data has too few classes with enough examples.</exception>
    public static IReadOnlyList<FewShotMetrics> Run(IHostEnvironment environment, FewShotNetwork model, FewShotNetwork[] others, IDataView data, FewShotEvaluationOptions options)
    {
        FewShotMethod[] baselines = [.. options.Baselines ?? []];
        options.FitTo(others.Append(model).Min(one => one.Shape.MaxWays));
        OptionCheck.Throw(
            [.. options.Violations(), .. Unusable(model, options), .. baselines.Select(model.WhyNot).OfType<string>(), .. others.SelectMany(other => Unusable(other, options))], nameof(options));
        foreach (var one in others.Append(model))
        {
            FewShotFeatures.Bind(data.Schema, options.FeatureColumnName, one.Example);
        }

        using var mode = new TorchMode(gradients: false);
        var host = environment.Register(nameof(FewShotEvaluation));
        using var channel = host.Start("Evaluating");
        var results = new List<FewShotMetrics>();
        var first = Solve(model, [model.Method, .. baselines], null);
        foreach (var other in others)
        {
            Solve(other, [other.Method], first);
        }

        return results;

        TaskScores? Solve(FewShotNetwork one, IEnumerable<FewShotMethod> methods, TaskScores? than) => Measure(host, channel, one, data, options, methods, than, results);
    }

    // Adds the metrics of methods on a model's embedding; gives the scores of the first of all.
    private static TaskScores? Measure(
        IHost host, IChannel channel, FewShotNetwork model, IDataView data, FewShotEvaluationOptions options, IEnumerable<FewShotMethod> methods, TaskScores? first, List<FewShotMetrics> results)
    {
        var set = new FewShotDataSet(data, options.LabelColumnName, options.FeatureColumnName,
            model.Example.IsImage ? FewShotInput.Images : FewShotInput.Vectors, "evaluation set");
        var (pool, skipped) = set.Read(host, channel, model.Example.ImageSize, model.Example.Colors, options.CancellationToken);
        model = model.For(set.FeatureLength);

        // What is measured as inductive must be so, whatever the model was trained with.
        using var network = options.IsTransductive ? model.With(FewShotNormalization.Query)
            : model.Shape.Normalization == FewShotNormalization.Query ? model.With(FewShotNormalization.Support)
            : model.Embedded() ?? model.Share();
        pool = network.Example == pool.Shape ? pool : EmbeddedPool.Of(model, pool, options.Progress is { } told ? () => told(0) : null, options.CancellationToken);
        foreach (var method in methods)
        {
            using var solver = network.Solver(method, options.IsTransductive);
            var done = results.Count * options.Tasks;
            var scores = TaskEvaluator.Measure(solver, pool, network.Scale ?? ExampleScale.Measure(pool), options, network.Device,
                options.Progress is { } progress ? count => progress(done + count) : null, network);
            results.Add(new FewShotMetrics(method, options, skipped, scores, first));
            first ??= scores;
        }

        return first;
    }

    private static IEnumerable<string> Unusable(FewShotNetwork model, FewShotEvaluationOptions options)
    {
        if (options.Ways > model.Shape.MaxWays)
        {
            yield return $"Ways must be at most {model.Shape.MaxWays}, for which the model was trained (MaxWays); it is {options.Ways}.";
        }

        if (options.IsTransductive && model.Shape.Embedding is not null)
        {
            yield return "IsTransductive must be false: an embedding that is not learned for tasks has no layers that the queries' statistics could normalise.";
        }
    }
}
