using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The conversions of <see cref="TransformsCatalog.Conversion"/>.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <summary>Turns keys into the values that their column's KeyValues annotation names.</summary>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null)
        => new(CatalogUtils.GetEnvironment(catalog), outputColumnName, inputColumnName);

    /// <summary>Turns values into keys: numbers from 1 on, one per different value, 0 (missing) for values not seen when fitting.</summary>
    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.Defaults.MaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.Defaults.Ordinality,
        bool addKeyValueAnnotationsAsText = ValueToKeyMappingEstimator.Defaults.AddKeyValueAnnotationsAsText,
        IDataView keyData = null)
    {
        var options = new ValueToKeyMappingEstimator.ColumnOptions(outputColumnName, inputColumnName, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText);
        return new ValueToKeyMappingEstimator(CatalogUtils.GetEnvironment(catalog), options, keyData);
    }
}
