using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using MLExt.Data;

namespace MLExt.Models;

/// <summary>The generators that one name stands for: one, or with <see cref="HyperTransformerFile.Auto"/> those that come with the tool. Owns them.</summary>
internal sealed class Generators : IDisposable
{
    private readonly MLContext _context;
    private readonly (string Name, FewShotHyperTransformer Generator)[] _all;

    /// <summary>Loads them.</summary>
    /// <param name="context">The context to load into.</param>
    /// <param name="name">A model file, a name, or <see cref="HyperTransformerFile.Auto"/>.</param>
    /// <exception cref="CommandException">It is missing, no model, or another model.</exception>
    public Generators(MLContext context, string name)
    {
        _context = context;
        string[] names = name == HyperTransformerFile.Auto ? [HyperTransformerFile.Symbols, HyperTransformerFile.Photographs] : [name];
        _all = [.. names.Select(one => (HyperTransformerFile.NameOf(one), HyperTransformerFile.Load(context, one)))];
    }

    /// <summary>All of them.</summary>
    public IEnumerable<FewShotHyperTransformer> All => _all.Select(one => one.Generator);

    /// <summary>Generates a classifier with the one that fits the examples.</summary>
    /// <param name="support">Rows of <see cref="ImageRow"/>; those without a label are unlabelled samples.</param>
    /// <param name="method">How the examples become a classifier; null for what the generator was trained for.</param>
    /// <param name="falseRejectionRate">The share of images of the classes that may be taken for none of them; null where nothing is rejected.</param>
    public GeneratedClassifier CreateClassifier(IDataView support, FewShotMethod? method = null, double? falseRejectionRate = null)
    {
        var clock = Stopwatch.StartNew();
        var keys = _context.Transforms.Conversion.MapValueToKey(Columns.Label).Fit(support);
        var rows = keys.Transform(support);
        var options = new FewShotClassifierOptions
        {
            RejectUnknown = falseRejectionRate is not null,
            KnownScoreColumnName = Columns.KnownScore,
            LabelColumnName = Columns.Label,
            FeatureColumnName = Columns.Image,
            ScoreColumnName = Columns.Score,
            PredictedLabelColumnName = Columns.PredictedLabel,
            Method = method,
        };
        options.FalseRejectionRate = falseRejectionRate ?? options.FalseRejectionRate;
        var generator = FewShotHyperTransformer.Choose([.. All], rows, options);
        var classifier = generator.CreateClassifier(rows, options);
        clock.Stop();
        var toText = _context.Transforms.Conversion.MapKeyToValue(Columns.PredictedLabel).Fit(classifier.Transform(rows));
        return new GeneratedClassifier(_context, keys.Append(classifier).Append(toText), support.Schema, generator, classifier, clock.Elapsed);
    }

    /// <summary>How one of them is called in reports.</summary>
    public string NameOf(FewShotHyperTransformer generator) => _all.Single(one => one.Generator == generator).Name;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, generator) in _all)
        {
            generator.Dispose();
        }
    }
}
