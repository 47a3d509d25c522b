using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column with the member that holds its values.</summary>
internal sealed record BoundColumn(string Name, DataViewType Type, ColumnMember Member, DataViewSchema.Annotations Annotations)
{
    /// <summary>The columns of a class as a definition, or else the class itself, says.</summary>
    public static BoundColumn[] Bind(Type userType, SchemaDefinition definition, SchemaDefinition.Direction direction)
        => (definition ?? SchemaDefinition.Create(userType, direction)).Select(column => Bind(userType, column)).ToArray();

    private static BoundColumn Bind(Type userType, SchemaDefinition.Column column)
    {
        const string Parameter = "userSchemaDefinition";
        var member = ColumnMember.Find(userType, column.MemberName)
            ?? throw Contracts.ExceptParam(Parameter, $"No field or property with name '{column.MemberName}' found in type '{userType.FullName}'");
        member.CheckItemType();
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var type = column.ColumnType ?? member.DeclaredColumnType();
        var isVector = type is VectorDataViewType;
        Contracts.CheckParam(isVector == member.IsVector, Parameter, $"Column '{name}' is supposed to be {Kind(isVector)}, but type of associated field '{column.MemberName}' is {Kind(member.IsVector)}");
        Contracts.CheckParam(type.GetItemType().RawType == member.ItemType, Parameter, $"Column '{name}' is supposed to have item type {type.GetItemType().RawType}, but associated field has type {member.ItemType}");
        return new BoundColumn(name, type, member, column.Annotations);
    }

    private static string Kind(bool isVector) => isVector ? "vector" : "scalar";
}
