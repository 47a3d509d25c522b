namespace Microsoft.ML.Data;

/// <summary>Names of annotations and of their values, and shapes of those that trainers promise.</summary>
internal static class AnnotationUtils
{
    /// <summary>The annotations that a trainer of any kind promises for its score.</summary>
    public static IEnumerable<SchemaShape.Column> GetTrainerOutputAnnotation(bool isNormalized = false)
    {
        var columns = new List<SchemaShape.Column>
        {
            Scalar(Kinds.ScoreColumnSetId, NumberDataViewType.UInt32, isKey: true),
            Scalar(Kinds.ScoreColumnKind, TextDataViewType.Instance),
            Scalar(Kinds.ScoreValueKind, TextDataViewType.Instance),
        };
        if (isNormalized)
        {
            columns.Add(Scalar(Kinds.IsNormalized, BooleanDataViewType.Instance));
        }

        return columns;
    }

    /// <summary>The annotations of a multiclass score: names of the classes as far as the label has them, and the trainer's.</summary>
    public static IEnumerable<SchemaShape.Column> AnnotationsForMulticlassScoreColumn(SchemaShape.Column? labelColumn = null)
    {
        var columns = new List<SchemaShape.Column>();
        if (labelColumn is { IsKey: true } label && label.Annotations.TryFindColumn(Kinds.KeyValues, out var values)
            && values.Kind == SchemaShape.Column.VectorKind.Vector)
        {
            if (values.ItemType is TextDataViewType)
            {
                columns.Add(new(Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
            }

            columns.Add(new(Kinds.TrainingLabelValues, SchemaShape.Column.VectorKind.Vector, values.ItemType, false));
        }

        columns.AddRange(GetTrainerOutputAnnotation());
        return columns;
    }

    /// <summary>The largest value of a key annotation among the columns, 0 if none has it.</summary>
    public static uint GetMaxAnnotationKind(this DataViewSchema schema, out int colMax, string annotationKind, Func<DataViewSchema, int, bool> filterFunc = null)
    {
        uint max = 0;
        colMax = -1;
        foreach (var column in schema)
        {
            var type = column.Annotations.Schema.GetColumnOrNull(annotationKind)?.Type;
            if (type is not KeyDataViewType || type.RawType != typeof(uint) || filterFunc?.Invoke(schema, column.Index) == false)
            {
                continue;
            }

            uint value = 0;
            column.Annotations.GetValue(annotationKind, ref value);
            if (value > max)
            {
                max = value;
                colMax = column.Index;
            }
        }

        return max;
    }

    private static SchemaShape.Column Scalar(string kind, DataViewType type, bool isKey = false)
        => new(kind, SchemaShape.Column.VectorKind.Scalar, type, isKey);

    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
        public const string ScoreColumnSetId = "ScoreColumnSetId";
        public const string ScoreColumnKind = "ScoreColumnKind";
        public const string ScoreValueKind = "ScoreValueKind";
        public const string IsNormalized = "IsNormalized";
        public const string TrainingLabelValues = "TrainingLabelValues";
    }

    public static class Const
    {
        public static class ScoreColumnKind
        {
            public const string MulticlassClassification = "MulticlassClassification";
        }

        public static class ScoreValueKind
        {
            public const string Score = "Score";
            public const string PredictedLabel = "PredictedLabel";
        }
    }
}

internal static class AnnotationBuilderExtensions
{
    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, int size, ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter)
        => builder.Add(AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), getter);

    public static void AddKeyValues<TValue>(this DataViewSchema.Annotations.Builder builder, int size, PrimitiveDataViewType valueType, ValueGetter<VBuffer<TValue>> getter)
        => builder.Add(AnnotationUtils.Kinds.KeyValues, new VectorDataViewType(valueType, size), getter);
}
