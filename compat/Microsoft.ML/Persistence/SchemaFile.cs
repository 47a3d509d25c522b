using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The input schema beside a model. Columns and annotations of types that cannot be written are left out.</summary>
internal static class SchemaFile
{
    // *** Binary format ***
    // int: number of columns; for each: string: name; type; int: number of annotations; for each: string: kind; type; value
    public static void Write(Stream stream, DataViewSchema schema)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        var columns = schema.Where(column => TypeCodec.CanWrite(column.Type)).ToArray();
        writer.Write(columns.Length);
        foreach (var column in columns)
        {
            writer.Write(column.Name);
            TypeCodec.WriteType(writer, column.Type);
            var annotations = column.Annotations.Schema.Where(annotation => TypeCodec.CanWrite(annotation.Type)).ToArray();
            writer.Write(annotations.Length);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                TypeCodec.WriteType(writer, annotation.Type);
                TypeDispatch.Call(typeof(SchemaFile), nameof(WriteAnnotation), annotation.Type.RawType, writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var builder = new DataViewSchema.Builder();
        for (var columns = reader.ReadInt32(); columns > 0; columns--)
        {
            var name = reader.ReadString();
            var type = TypeCodec.ReadType(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            for (var count = reader.ReadInt32(); count > 0; count--)
            {
                var kind = reader.ReadString();
                var annotationType = TypeCodec.ReadType(reader);
                TypeDispatch.Call(typeof(SchemaFile), nameof(ReadAnnotation), annotationType.RawType, reader, annotations, kind, annotationType);
            }

            builder.AddColumn(name, type, annotations.ToAnnotations());
        }

        return builder.ToSchema();
    }

    private static void WriteAnnotation<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default;
        annotations.GetGetter<T>(annotation)(ref value);
        TypeCodec.WriteValue(writer, value);
    }

    private static void ReadAnnotation<T>(BinaryReader reader, DataViewSchema.Annotations.Builder annotations, string kind, DataViewType type)
    {
        var value = TypeCodec.ReadValue<T>(reader);
        annotations.Add(kind, type, (ref T destination) => ValueCopier<T>.Copy(in value, ref destination));
    }
}
