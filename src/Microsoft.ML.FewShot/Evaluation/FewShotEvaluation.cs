using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Options;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Measures a hyper-transformer and baselines on the same tasks.</summary>
internal static class FewShotEvaluation
{
    /// <summary>The metrics of the hyper-transformer, then those of the baselines.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of range; or a column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">The data has too few classes with enough examples.</exception>
    public static IReadOnlyList<FewShotMetrics> Run(IHostEnvironment environment, FewShotNetwork model, IDataView data, FewShotEvaluationOptions options)
    {
        options.FitTo(model.Shape.MaxWays);
        OptionCheck.Throw([.. options.Violations(), .. Unusable(model, options)], nameof(options));
        FewShotFeatures.Bind(data.Schema, options.FeatureColumnName, model.Example);
        var set = new FewShotDataSet(data, options.LabelColumnName, options.FeatureColumnName,
            model.Example.IsImage ? FewShotInput.Images : FewShotInput.Vectors, "evaluation set");
        using var mode = new TorchMode(gradients: false);
        var host = environment.Register(nameof(FewShotEvaluation));
        using var channel = host.Start("Evaluating");
        var (pool, skipped) = set.Read(host, channel, model.Example.ImageSize, model.Example.Colors, options.CancellationToken);
        model = model.For(set.FeatureLength);

        // What is measured as inductive must be so, whatever the model was trained with.
        using var network = options.IsTransductive ? model.With(FewShotNormalization.Query)
            : model.Shape.Normalization == FewShotNormalization.Query ? model.With(FewShotNormalization.Support)
            : model.Embedded() ?? model.Share();
        pool = network.Example == pool.Shape ? pool : EmbeddedPool.Of(model, pool, options.Progress is { } told ? () => told(0) : null, options.CancellationToken);
        TaskScores? first = null;
        var results = new List<FewShotMetrics>();
        foreach (var method in options.Baselines.Prepend(model.Method))
        {
            using var solver = network.Solver(method, options.IsTransductive);
            var done = results.Count * options.Tasks;
            var scores = TaskEvaluator.Measure(solver, pool, network.Scale ?? ExampleScale.Measure(pool), options, network.Device,
                options.Progress is { } progress ? count => progress(done + count) : null, network);
            results.Add(new FewShotMetrics(method, options, skipped, scores, first));
            first ??= scores;
        }

        return results;
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

        foreach (var problem in (options.Baselines ?? []).Select(model.WhyNot).OfType<string>())
        {
            yield return problem;
        }
    }
}
