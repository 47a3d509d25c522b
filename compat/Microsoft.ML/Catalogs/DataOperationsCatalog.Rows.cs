using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Keeps the data in memory as it is read for the first time, or the named columns at once.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        var prefetch = new List<int>();
        foreach (var name in columnsToPrefetch ?? [])
        {
            var column = input.Schema.GetColumnOrNull(name) ?? throw _env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name);
            prefetch.Add(column.Index);
        }

        return new CacheDataView(_env, input, prefetch.ToArray());
    }

    /// <summary>Changes the order of the rows at random; every pass gives the same order.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffleDataView(input, shufflePoolSize, shuffleSource, seed ?? _env.Register("Shuffle").Rand.Next());
    }

    /// <summary>Leaves out rows at the start.</summary>
    public IDataView SkipRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeFilter(input, count, long.MaxValue);
    }

    /// <summary>Keeps only the rows at the start.</summary>
    public IDataView TakeRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeFilter(input, 0, count);
    }

    /// <summary>Cuts the data into a training and a test set; rows with equal values of the sampling key stay together.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(testFraction > 0 && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        return Split(data, FractionOf(data, samplingKeyColumnName, seed), 0, testFraction);
    }

    /// <summary>Cuts the data into folds, each of which is the test set once.</summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        var fraction = FractionOf(data, samplingKeyColumnName, seed);
        return Enumerable.Range(0, numberOfFolds).Select(fold => Split(data, fraction, (double)fold / numberOfFolds, (fold + 1.0) / numberOfFolds)).ToArray();
    }

    private static TrainTestData Split(IDataView data, RowFraction fraction, double min, double max)
        => new(new FractionFilter(data, fraction, min, max, complement: true), new FractionFilter(data, fraction, min, max, complement: false));

    private RowFraction FractionOf(IDataView data, string samplingKeyColumnName, int? seed)
    {
        DataViewSchema.Column? key = null;
        if (samplingKeyColumnName != null)
        {
            key = data.Schema.GetColumnOrNull(samplingKeyColumnName)
                ?? throw _env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName);
        }

        return new RowFraction(key, seed ?? (_env as IHostEnvironmentInternal)?.Seed);
    }
}
