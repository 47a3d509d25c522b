using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The different values of a column, in the order of their keys.</summary>
internal abstract class KeyVocabulary
{
    private protected KeyVocabulary(PrimitiveDataViewType itemType)
    {
        ItemType = itemType;
    }

    internal PrimitiveDataViewType ItemType { get; }

    internal abstract int Count { get; }

    /// <summary>The type of the keys. A key type counts at least one value.</summary>
    internal KeyDataViewType KeyType => new(typeof(uint), Math.Max(Count, 1));

    internal static KeyVocabulary Create(PrimitiveDataViewType itemType) =>
        (KeyVocabulary)TypeDispatch.Call(typeof(KeyVocabulary), nameof(CreateOf), itemType.RawType, itemType);

    /// <summary>Adds the values of a column until there are <paramref name="maximum"/> of them; missing values are left out.</summary>
    internal abstract void Learn(IHost host, IDataView data, DataViewSchema.Column column, int maximum);

    internal abstract void Sort();

    internal abstract void Write(BinaryWriter writer);

    internal abstract void Read(BinaryReader reader);

    /// <summary>A getter of the keys of a column's values, 0 for a value that is not there.</summary>
    internal abstract ValueGetter<uint> MakeGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Adds KeyValues: the values, or of a vocabulary of keys what the source column says that they mean.</summary>
    internal abstract void Annotate(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, bool asText);

    private static KeyVocabulary<T> CreateOf<T>(PrimitiveDataViewType itemType) => new(itemType);
}
