namespace Microsoft.ML.Data;

internal delegate void SignatureLoadRowMapper(ModelLoadContext ctx, DataViewSchema schema);

/// <summary>Computes added columns of a row from its other columns.</summary>
internal interface IRowMapper : ICanSaveModel
{
    /// <summary>Which input columns the active outputs need, by index.</summary>
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    /// <summary>Getters of the active outputs, null for the others.</summary>
    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer);

    /// <summary>The added columns.</summary>
    DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>The transformer that the mapper belongs to.</summary>
    ITransformer GetTransformer();
}
