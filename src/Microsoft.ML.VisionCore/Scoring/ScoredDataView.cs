using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Scores rows while they are read, a batch at a time. Nothing is computed before a cursor asks for a score.</summary>
internal sealed class ScoredDataView : IDataView
{
    private readonly ScoredSchema _schema;
    private readonly IDataView _input;

    public ScoredDataView(ScoringModel model, IDataView input)
    {
        _schema = new ScoredSchema(model, input.Schema);
        _input = input;
    }

    public DataViewSchema Schema => _schema.Output;

    public bool CanShuffle => _input.CanShuffle;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = _schema.Active(columnsNeeded);
        return Wrap(_input.GetRowCursor(_schema.Dependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = _schema.Active(columnsNeeded);
        return Array.ConvertAll(_input.GetRowCursorSet(_schema.Dependencies(active), n, rand), cursor => Wrap(cursor, active));
    }

    private DataViewRowCursor Wrap(DataViewRowCursor input, bool[] active) => _schema.NeedsScores(active)
        ? new ScoringCursor(_schema, input, active)
        : new PassThroughCursor(_schema, input, active);
}

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

    /// <summary>The index of the score column in <see cref="Output"/>; the predicted label follows it, and the known score where there is one.</summary>
    public int ScoreIndex => Input.Count;

    public int PredictedIndex => Input.Count + 1;

    /// <summary>Which output columns were asked for.</summary>
    /// <exception cref="ArgumentException">A column is not of the output schema.</exception>
    public bool[] Active(IEnumerable<DataViewSchema.Column> columns) => Active(Output, columns, "scored");

    /// <summary>Which columns of a schema were asked for.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="columns">Those that were asked for.</param>
    /// <param name="what">What the schema is, as the message names it.</param>
    /// <exception cref="ArgumentException">A column is not of the schema.</exception>
    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns, string what)
    {
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            if (column.Index >= active.Length || schema[column.Index].Name != column.Name)
            {
                throw new ArgumentException($"Column '{column.Name}' (index {column.Index}) is not in the {what} schema.", nameof(columns));
            }

            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>True where a column that the model computes is active.</summary>
    public bool NeedsScores(bool[] active) => active.AsSpan(ScoreIndex).Contains(true);

    /// <summary>The input columns that the active output columns are made of.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(bool[] active) =>
        Input.Where(column => active[column.Index] || (NeedsScores(active) && Features.Sources.Any(source => source.Index == column.Index)));
}

/// <summary>A cursor over a scored view of which nobody wants the scores: the input's own cursor under the output schema.</summary>
internal sealed class PassThroughCursor(ScoredSchema schema, DataViewRowCursor input, bool[] active) : WrappedCursor(schema.Output, input, active)
{
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? Input.GetGetter<TValue>(schema.Input[column.Index])
        : throw ScoringRow.Inactive(column);
}

/// <summary>A cursor that goes where another one goes, under a schema of its own. Owns the other one.</summary>
internal abstract class WrappedCursor(DataViewSchema schema, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    public override DataViewSchema Schema => schema;

    public override long Position => Input.Position;

    public override long Batch => Input.Batch;

    protected DataViewRowCursor Input { get; } = input;

    public override bool MoveNext() => Input.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Input.Dispose();
        }

        base.Dispose(disposing);
    }
}
