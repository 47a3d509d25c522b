
namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>An input schema with the score columns added, and how their columns correspond.</summary>
internal sealed class ScoredSchema
{
    public ScoredSchema(ScoringModel model, DataViewSchema input)
    {
        Model = model;
        Input = input;
        Features = model.Bind(input);
        Output = model.Columns.AddTo(input, model.Labels);
    }

    public ScoringModel Model { get; }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public IFeatureColumn Features { get; }

    /// <summary>The index of the score column in <see cref="Output"/>; the predicted label follows it.</summary>
    public int ScoreIndex => Input.Count;

    public int PredictedIndex => Input.Count + 1;

    /// <summary>Which output columns were asked for.</summary>
    /// <exception cref="ArgumentException">A column is not of the output schema.</exception>
    public bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[Output.Count];
        foreach (var column in columns)
        {
            if (column.Index >= active.Length || Output[column.Index].Name != column.Name)
            {
                throw new ArgumentException($"Column '{column.Name}' (index {column.Index}) is not in the scored schema.", nameof(columns));
            }

            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>True where a column that the model computes is active.</summary>
    public bool NeedsScores(bool[] active) => active[ScoreIndex] || active[PredictedIndex];

    /// <summary>The input columns that the active output columns are made of.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(bool[] active) =>
        Input.Where(column => active[column.Index] || (NeedsScores(active) && Features.Sources.Any(source => source.Index == column.Index)));
}
