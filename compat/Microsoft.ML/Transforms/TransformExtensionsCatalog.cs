using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The column steps of <see cref="MLContext.Transforms"/>.</summary>
public static class TransformExtensionsCatalog
{
    /// <summary>Gives a column a second name, with its annotations.</summary>
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName)
        => new(CatalogUtils.GetEnvironment(catalog), outputColumnName, inputColumnName);

    /// <summary>Makes one vector of several columns of one item type.</summary>
    public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames)
        => new(CatalogUtils.GetEnvironment(catalog), outputColumnName, inputColumnNames);
}
