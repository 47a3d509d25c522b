using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Can be written into a model file.</summary>
public interface ICanSaveModel
{
    /// <summary>Writes the model.</summary>
    void Save(ModelSaveContext ctx);
}

/// <summary>Turns one data view into another.</summary>
public interface ITransformer : ICanSaveModel
{
    /// <summary>Whether every output row comes from one input row.</summary>
    bool IsRowToRowMapper { get; }

    /// <summary>The schema after transformation; throws where the input does not fit.</summary>
    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>The transformed data, computed when it is read.</summary>
    IDataView Transform(IDataView input);

    /// <summary>The transformation of single rows.</summary>
    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}

/// <summary>Learns a transformer from data.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    /// <summary>Learns.</summary>
    TTransformer Fit(IDataView input);

    /// <summary>What the transformer will make of data of that shape; throws where it does not fit.</summary>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
