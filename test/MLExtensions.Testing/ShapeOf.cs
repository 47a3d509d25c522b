using Microsoft.ML;
using Microsoft.ML.VisionCore.Interop;

namespace MLExtensions.Testing;

/// <summary>What an estimator is asked with before there is data.</summary>
public static class ShapeOf
{
    /// <summary>The shape of a data view's schema.</summary>
    public static SchemaShape Data(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return SchemaShapes.Of(data.Schema);
    }
}
