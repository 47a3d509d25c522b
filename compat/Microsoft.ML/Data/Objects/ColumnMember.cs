using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A field or property that can be a column.</summary>
internal sealed class ColumnMember
{
    private ColumnMember(MemberInfo info) => Info = info;

    public MemberInfo Info { get; }

    public string Name => Info.Name;

    public Type Type => Info is FieldInfo fieldInfo ? fieldInfo.FieldType : ((PropertyInfo)Info).PropertyType;

    public bool IsVector => Type.IsArray || IsVBuffer;

    public bool IsVBuffer => Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(VBuffer<>);

    /// <summary>The .NET type of the column's items.</summary>
    public Type ItemType
    {
        get
        {
            var item = Type.IsArray ? Type.GetElementType() : IsVBuffer ? Type.GetGenericArguments()[0] : Type;
            return item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item;
        }
    }

    private IEnumerable<Attribute> Attributes => Info.GetCustomAttributes();

    /// <summary>The members of a class that are columns in that direction.</summary>
    public static IEnumerable<ColumnMember> Of(Type userType, SchemaDefinition.Direction direction)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance;
        var fields = userType.GetFields(Own).Where(field => !field.IsLiteral);
        var properties = userType.GetProperties(Own).Where(property => property.GetIndexParameters().Length == 0
            && ((direction.HasFlag(SchemaDefinition.Direction.Read) && property.GetGetMethod() != null)
                || (direction.HasFlag(SchemaDefinition.Direction.Write) && property.GetSetMethod() != null)));
        return fields.Cast<MemberInfo>().Concat(properties)
            .Select(info => new ColumnMember(info))
            .Where(member => member.Type != typeof(IChannel) && member.Info.GetCustomAttribute<NoColumnAttribute>() == null)
            .ToArray();
    }

    public static ColumnMember Find(Type userType, string name)
    {
        var info = (MemberInfo)userType.GetField(name) ?? userType.GetProperty(name);
        return info == null ? null : new ColumnMember(info);
    }

    /// <summary>The column type that the member and its attributes declare.</summary>
    public DataViewType DeclaredColumnType()
    {
        const string Parameter = "userType";
        var custom = Attributes.OfType<DataViewTypeAttribute>().ToArray();
        if (custom.Length > 1)
        {
            throw Contracts.ExceptParam(Parameter, $"Member {Name} cannot be marked with multiple attributes derived from {nameof(DataViewTypeAttribute)}.");
        }

        custom.FirstOrDefault()?.Register();
        CheckItemType();
        if (DataViewTypeManager.Knows(ItemType, Attributes))
        {
            return DataViewTypeManager.GetDataViewType(ItemType, Attributes);
        }

        PrimitiveDataViewType item = ColumnTypeExtensions.PrimitiveTypeFromType(ItemType);
        if (Info.GetCustomAttribute<KeyTypeAttribute>() is KeyTypeAttribute key)
        {
            Contracts.CheckParam(KeyDataViewType.IsValidDataType(ItemType), Parameter, $"Member {Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
            item = new KeyDataViewType(ItemType, key.Count);
        }

        var vector = Info.GetCustomAttribute<VectorTypeAttribute>();
        Contracts.CheckParam(vector == null || IsVector, Parameter, $"Member {Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        return !IsVector ? item : vector?.Dims is { Length: > 0 } sizes ? new VectorDataViewType(item, sizes) : new VectorDataViewType(item);
    }

    /// <summary>Throws if the member's type has no column type.</summary>
    public void CheckItemType()
    {
        if (ColumnTypeExtensions.Find(ItemType) == null && !DataViewTypeManager.Knows(ItemType, Attributes))
        {
            throw Contracts.ExceptParam("rawType", $"Could not determine an IDataView type and registered custom types for member {Name}");
        }
    }

    /// <summary>A delegate Func&lt;TRow, member type&gt; that reads the member.</summary>
    public Delegate MakeReader(Type rowType)
    {
        var row = Expression.Parameter(rowType);
        return Expression.Lambda(Expression.MakeMemberAccess(row, Info), row).Compile();
    }

    /// <summary>A delegate Action&lt;TRow, member type&gt; that writes the member.</summary>
    public Delegate MakeWriter(Type rowType)
    {
        var row = Expression.Parameter(rowType);
        var value = Expression.Parameter(Type);
        var kind = typeof(Action<,>).MakeGenericType(rowType, Type);
        return Expression.Lambda(kind, Expression.Assign(Expression.MakeMemberAccess(row, Info), value), row, value).Compile();
    }
}
