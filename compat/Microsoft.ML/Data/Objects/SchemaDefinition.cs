using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How the members of a class become columns; made from the class and then changed where wanted.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>Whether objects are read, written, or both.</summary>
    [Flags]
    public enum Direction
    {
        /// <summary>Members are read: they need a getter.</summary>
        Read = 1,

        /// <summary>Members are written: they need a setter.</summary>
        Write = 2,

        /// <summary>Members with either.</summary>
        Both = Read | Write,
    }

    /// <summary>The column of that name, or null.</summary>
    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName);
        set
        {
            Contracts.CheckValue(value, nameof(value));
            Contracts.CheckParam(value.ColumnName == columnName, nameof(columnName), $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            var index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
            {
                this[index] = value;
            }
            else
            {
                Add(value);
            }
        }
    }

    /// <summary>The public fields and properties of a class as columns.</summary>
    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Contracts.CheckValue(userType, nameof(userType));
        var definition = new SchemaDefinition();
        var names = new HashSet<string>();
        foreach (var member in ColumnMember.Of(userType, direction))
        {
            var name = member.Info.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (!names.Add(name))
            {
                throw Contracts.ExceptParam(nameof(userType), $"Duplicate column name '{name}' detected, this is disallowed");
            }

            definition.Add(new Column(member.Name, member.DeclaredColumnType(), name));
        }

        return definition;
    }

    /// <summary>One member as a column.</summary>
    public sealed class Column
    {
        private readonly List<(string Kind, DataViewType Type, Delegate Getter)> _annotations = new();

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        /// <summary>The name of the field or property.</summary>
        public string MemberName { get; }

        /// <summary>The name of the column.</summary>
        public string ColumnName { get; set; }

        /// <summary>The type of the column; null takes it from the member.</summary>
        public DataViewType ColumnType { get; set; }

        /// <summary>The annotations of the column.</summary>
        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var (kind, type, getter) in _annotations)
                {
                    builder.Add(kind, type, getter);
                }

                return builder.ToAnnotations();
            }
        }

        /// <summary>Adds an annotation; arrays and strings become vectors and text.</summary>
        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            if (_annotations.Any(annotation => annotation.Kind == kind))
            {
                throw Contracts.Except("Column already contains an annotation of this kind.");
            }

            _annotations.Add((kind, annotationType, MemberReader.Make<T, T>(same => same, annotationType is KeyDataViewType ? null : annotationType, () => value)));
        }

        internal void AddAnnotations(DataViewSchema.Annotations annotations)
        {
            foreach (var annotation in annotations.Schema)
            {
                _annotations.RemoveAll(other => other.Kind == annotation.Name);
                _annotations.Add((annotation.Name, annotation.Type, annotations.GetGetterInternal(annotation.Index)));
            }
        }
    }
}
