using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The column types that other libraries add: which type stands for which .NET type.</summary>
public static class DataViewTypeManager
{
    private static readonly object Lock = new();
    private static readonly Dictionary<(Type Type, DataViewTypeAttribute Attribute), DataViewType> ByRawType = new();
    private static readonly Dictionary<DataViewType, (Type Type, DataViewTypeAttribute Attribute)> ByDataViewType = new();

    /// <summary>Declares the column type of a .NET type, or of members that carry an equal attribute.</summary>
    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        if (ColumnTypeExtensions.Find(type) != null || type == typeof(VBuffer<>) || type == typeof(Nullable<>))
        {
            throw Contracts.ExceptParam(nameof(type), $"Type {type} is one of the default supported types, so it cannot be registered again.");
        }

        lock (Lock)
        {
            var raw = (type, typeAttribute);
            var known = ByRawType.TryGetValue(raw, out var before);
            if (known && !before.Equals(dataViewType))
            {
                throw Contracts.ExceptParam(nameof(type), $"Repeated type register. The raw type {type} has been associated with {before} so it cannot be associated with {dataViewType}.");
            }

            if (ByDataViewType.TryGetValue(dataViewType, out var rawBefore) && !rawBefore.Equals(raw))
            {
                throw Contracts.ExceptParam(nameof(dataViewType), $"Repeated type register. The DataView type {dataViewType} has been associated with {rawBefore.Type} so it cannot be associated with {type}.");
            }

            ByRawType[raw] = dataViewType;
            ByDataViewType[dataViewType] = raw;
        }
    }

    internal static DataViewType GetDataViewType(Type type, IEnumerable<Attribute> typeAttributes = null)
    {
        lock (Lock)
        {
            return ByRawType.TryGetValue((type, AttributeOf(type, typeAttributes)), out var found)
                ? found
                : throw Contracts.ExceptParam(nameof(type), $"The raw type {type} with attributes {typeAttributes} is not registered with a DataView type.");
        }
    }

    internal static bool Knows(Type type, IEnumerable<Attribute> typeAttributes = null)
    {
        lock (Lock)
        {
            return ByRawType.ContainsKey((type, AttributeOf(type, typeAttributes)));
        }
    }

    internal static bool Knows(DataViewType dataViewType)
    {
        lock (Lock)
        {
            return ByDataViewType.ContainsKey(dataViewType);
        }
    }

    private static DataViewTypeAttribute AttributeOf(Type type, IEnumerable<Attribute> attributes)
    {
        var found = attributes?.OfType<DataViewTypeAttribute>().ToArray() ?? [];
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw Contracts.ExceptParam(nameof(type), $"Type {type.Name} cannot be marked with multiple attributes derived from {nameof(DataViewTypeAttribute)}.");
    }
}
