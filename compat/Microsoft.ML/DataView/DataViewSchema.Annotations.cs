using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>A column's annotations: a schema of its own with one value each.</summary>
    public sealed class Annotations
    {
        private readonly Delegate[] _getters;

        internal Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        /// <summary>No annotations.</summary>
        public static Annotations Empty { get; } = new(new DataViewSchema([]), []);

        /// <summary>Kinds and types of the annotations.</summary>
        public DataViewSchema Schema { get; }

        /// <summary>The getter of one annotation.</summary>
        public ValueGetter<TValue> GetGetter<TValue>(Column column)
        {
            if (column.Index >= _getters.Length)
            {
                throw new ArgumentException(nameof(column));
            }

            return _getters[column.Index] as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetGetter)}'");
        }

        /// <summary>Reads the annotation of that kind.</summary>
        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind) ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetValue)}'");
            GetGetter<TValue>(column)(ref value);
        }

        /// <inheritdoc/>
        public override string ToString() => string.Join(", ", Schema.Select(column => column.Name));

        internal Delegate GetGetterInternal(int index) => _getters[index];

        /// <summary>Collects annotations.</summary>
        public sealed class Builder
        {
            private readonly DataViewSchema.Builder _schema = new();
            private readonly List<Delegate> _getters = new();

            /// <summary>An empty builder.</summary>
            public Builder()
            {
            }

            /// <summary>Adds those annotations of another column whose kind the selector accepts; null adds nothing.</summary>
            public void Add(Annotations annotations, Func<string, bool> selector)
            {
                if (annotations == null)
                {
                    return;
                }

                ArgumentNullException.ThrowIfNull(selector);
                foreach (var column in annotations.Schema)
                {
                    if (selector(column.Name))
                    {
                        AddItem(column.Name, column.Type, annotations.GetGetterInternal(column.Index), column.Annotations);
                    }
                }
            }

            /// <summary>Adds an annotation with its getter.</summary>
            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter, Annotations annotations = null)
            {
                Check(name, type);
                ArgumentNullException.ThrowIfNull(getter);
                CheckRawType<TValue>(type);
                AddItem(name, type, getter, annotations);
            }

            /// <summary>Adds an annotation whose getter is a <see cref="ValueGetter{TValue}"/> of the type's raw type.</summary>
            public void Add(string name, DataViewType type, Delegate getter, Annotations annotations = null)
            {
                Check(name, type);
                ArgumentNullException.ThrowIfNull(getter);
                var wanted = typeof(ValueGetter<>).MakeGenericType(type.RawType);
                if (!wanted.IsInstanceOfType(getter))
                {
                    // The real library finds out inside a call by reflection.
                    throw new TargetInvocationException(new ArgumentException($"{nameof(getter)} must be of type '{wanted.FullName}'", nameof(getter)));
                }

                AddItem(name, type, getter, annotations);
            }

            /// <summary>Adds an annotation with a fixed scalar value.</summary>
            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value, Annotations annotations = null)
            {
                Check(name, type);
                CheckRawType<TValue>(type);
                AddItem(name, type, (ValueGetter<TValue>)((ref TValue destination) => destination = value), annotations);
            }

            /// <summary>The annotations added so far.</summary>
            public Annotations ToAnnotations() => new(_schema.ToSchema(), _getters.ToArray());

            private static void Check(string name, DataViewType type)
            {
                ThrowIfNoName(name, nameof(name));
                ArgumentNullException.ThrowIfNull(type);
            }

            private static void CheckRawType<TValue>(DataViewType type)
            {
                if (type.RawType != typeof(TValue))
                {
                    throw new ArgumentException($"type.RawType must be of type '{typeof(TValue).FullName}'.", nameof(type));
                }
            }

            private void AddItem(string name, DataViewType type, Delegate getter, Annotations annotations)
            {
                _schema.AddColumn(name, type, annotations);
                _getters.Add(getter);
            }
        }
    }
}
