using Microsoft.ML.FewShot.Adaptation;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Measures a hyper-transformer and baselines on the same tasks.</summary>
internal static class FewShotEvaluation
{
    /// <summary>The metrics of the hyper-transformer, then those of the baselines.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of range; or a column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">The data has too few classes with enough examples.</exception>
    public static IReadOnlyList<FewShotMetrics> Run(FewShotHyperTransformer generator, IDataView data, FewShotTaskOptions options)
    {
        var model = generator.Network;
        FewShotOptionsCheck.Validate(options);
        OptionCheck.Throw(Unusable(generator, options), nameof(options));
        FewShotFeatures.Bind(data.Schema, options.FeatureColumnName, model.Example);
        var set = new FewShotDataSet(data, options.LabelColumnName, options.FeatureColumnName,
            model.Example.IsImage ? FewShotInput.Images : FewShotInput.Vectors, "evaluation set");
        var host = generator.Environment.Register(nameof(FewShotEvaluation));
        using var channel = host.Start("Evaluating");
        var (pool, _) = set.Read(host, channel, model.Example.ImageSize, model.Example.Colours, options.CancellationToken);

        // What is measured as inductive must be so, whatever the model was trained with.
        var isTransductive = options.IsTransductive || model.Shape.Normalization != FewShotNormalization.Query;
        using var network = isTransductive ? model.Share() : model.With(FewShotNormalization.Support);
        TaskScores? first = null;
        var results = new List<FewShotMetrics>();
        foreach (var method in options.Baselines.Prepend(model.Method))
        {
            var scores = Measure(network, method, pool, options, results.Count * options.Tasks);
            var (difference, interval) = first is null ? (0, 0) : scores.Less(first);
            first ??= scores;
            results.Add(new FewShotMetrics(method, options, scores.Accuracy, scores.Confidence95, difference, interval));
        }

        return results;
    }

    private static TaskScores Measure(FewShotNetwork network, FewShotMethod method, ExamplePool pool, FewShotTaskOptions options, int done)
    {
        var protocol = new TaskProtocol
        {
            Ways = options.Ways,
            Shots = options.Shots,
            Unlabelled = options.Unlabeled,
            Queries = options.Queries,
            Tasks = options.Tasks,
            Seed = options.Seed,
            WithinGroup = options.WithinGroup,
        };
        using var solver = network.Solver(method, options.IsTransductive);
        return TaskEvaluator.Measure(solver, pool, network.Scale ?? ExampleScale.Measure(pool), protocol, network.Device,
            options.Progress is { } progress ? count => progress(done + count) : null, options.CancellationToken);
    }

    private static IEnumerable<string> Unusable(FewShotHyperTransformer generator, FewShotTaskOptions options)
    {
        if (options.Ways > generator.MaxWays)
        {
            yield return $"Ways must be at most {generator.MaxWays}, for which the hyper-transformer was trained (MaxWays); it is {options.Ways}.";
        }

        foreach (var problem in options.Baselines.Select(generator.Network.WhyNot).OfType<string>())
        {
            yield return problem;
        }
    }
}
