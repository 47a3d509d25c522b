using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Scores one row at a time, for prediction engines.</summary>
internal sealed class ScoringRowMapper : IRowToRowMapper
{
    private readonly ScoredSchema _schema;

    public ScoringRowMapper(ScoringModel model, DataViewSchema input) => _schema = new ScoredSchema(model, input);

    public DataViewSchema InputSchema => _schema.Input;

    public DataViewSchema OutputSchema => _schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _schema.Dependencies(_schema.Active(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != InputSchema)
        {
            throw new ArgumentException("The row's schema is not the one that this mapper was made for.", nameof(input));
        }

        return new ScoringRow(_schema, input, _schema.Active(activeColumns));
    }
}
