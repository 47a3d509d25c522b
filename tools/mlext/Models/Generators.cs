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

    /// <summary>The one that fits examples.</summary>
    /// <param name="support">Rows of <see cref="ImageRow"/>; those without a label are unlabelled.</param>
    public FewShotHyperTransformer For(IDataView support)
    {
        if (_all is [var only])
        {
            return only.Generator;
        }

        var keyed = _context.Transforms.Conversion.MapValueToKey(Columns.Label).Fit(support).Transform(support);
        return FewShotHyperTransformer.Choose([.. All], keyed, new FewShotClassifierOptions
        {
            RejectUnknown = true, // one class is enough to choose by
            LabelColumnName = Columns.Label,
            FeatureColumnName = Columns.Image,
            KnownScoreColumnName = Columns.KnownScore,
            ScoreColumnName = Columns.Score,
            PredictedLabelColumnName = Columns.PredictedLabel,
        });
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
