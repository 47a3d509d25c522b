using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What the catalogs of one task have in common.</summary>
public abstract class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env, string registrationName)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckNonEmpty(registrationName, nameof(registrationName));
        Environment = env;
    }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>Fits on all folds but one and scores that one, for each fold.</summary>
    private protected CrossValidationResult<T>[] CrossValidateTrain<T>(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numFolds,
        string samplingKeyColumn,
        int? seed,
        Func<IDataView, T> evaluate)
        where T : class
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        Environment.CheckParam(numFolds > 1, nameof(numFolds), "Must be more than 1");
        var results = new CrossValidationResult<T>[numFolds];
        var fold = 0;
        foreach (var split in new DataOperationsCatalog(Environment).CrossValidationSplit(data, numFolds, samplingKeyColumn, seed))
        {
            var model = estimator.Fit(split.TrainSet);
            var scores = model is IScopedTransformer chain ? chain.Transform(split.TestSet, TransformerScope.Everything) : model.Transform(split.TestSet);
            results[fold] = new CrossValidationResult<T>(model, evaluate(scores), scores, fold);
            fold++;
        }

        return results;
    }

    /// <summary>One fold of a cross-validation.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        /// <summary>Metrics on the fold held out.</summary>
        public readonly T Metrics;

        /// <summary>The model fitted on the other folds.</summary>
        public readonly ITransformer Model;

        /// <summary>The fold held out, scored.</summary>
        public readonly IDataView ScoredHoldOutSet;

        /// <summary>The number of the fold.</summary>
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }

    /// <summary>A catalog inside a catalog.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog)
        {
            Owner = catalog;
        }

        IHostEnvironment IInternalCatalog.Environment => Owner.Environment;

        internal TrainCatalogBase Owner { get; }
    }
}
