using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>The columns that a classifier adds, on shapes and on schemas, and what evaluators look for in their annotations.</summary>
/// <param name="Score">The name of the column of probabilities, Vector&lt;Single&gt; [Y].</param>
/// <param name="PredictedLabel">The name of the column of the most probable class, Key&lt;UInt32&gt;.</param>
/// <param name="Known">The name of the column that says how sure it is that a row is of one of the classes, Single; null where nothing is rejected.</param>
internal sealed record ScoreColumns(string Score, string PredictedLabel, string? Known = null)
{
    /// <summary>A row whose known score is below this is of none of the classes.</summary>
    internal const float LeastKnown = 0.5f;

    private const string KeyValues = "KeyValues";
    private const string SlotNames = "SlotNames";
    private const string TrainingLabelValues = "TrainingLabelValues";
    private const string ScoreColumnSetId = "ScoreColumnSetId";
    private const string ScoreColumnKind = "ScoreColumnKind";
    private const string ScoreValueKind = "ScoreValueKind";
    private const string MulticlassClassification = "MulticlassClassification";

    /// <summary>What the other overload will deliver for an input of this shape.</summary>
    public SchemaShape AddTo(SchemaShape input, SchemaShape.Column label)
    {
        var keyValues = label.Annotations.Cast<SchemaShape.Column?>().FirstOrDefault(
            column => column!.Value is { Name: KeyValues, Kind: SchemaShape.Column.VectorKind.Vector });
        var scoreAnnotations = new List<SchemaShape.Column>();
        var predictedAnnotations = new List<SchemaShape.Column>();
        if (keyValues is { ItemType: var type })
        {
            predictedAnnotations.Add(Vector(KeyValues, type));
            scoreAnnotations.Add(Vector(TrainingLabelValues, type));
            if (type is TextDataViewType)
            {
                scoreAnnotations.Add(Vector(SlotNames, type));
            }
        }

        var predictedShape = new SchemaShape([.. predictedAnnotations, .. ScoreSetShape()]);
        var columns = input.Where(column => column.Name != Score && column.Name != PredictedLabel && column.Name != Known);
        return new SchemaShape(
        [
            .. columns,
            Vector(Score, NumberDataViewType.Single, [.. scoreAnnotations, .. ScoreSetShape()]),
            new SchemaShape.Column(PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, predictedShape),
            .. Known is null ? [] : new[] { new SchemaShape.Column(Known, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false) },
        ]);
    }

    /// <summary>The schema of an input with the columns added.</summary>
    public DataViewSchema AddTo(DataViewSchema input, ClassLabels labels)
    {
        var setId = NextSetId(input);
        var score = new DataViewSchema.Annotations.Builder();
        if (labels.ValueType is TextDataViewType)
        {
            labels.AddTo(score, SlotNames);
        }

        labels.AddTo(score, TrainingLabelValues);
        AddScoreSet(score, setId, "Score");

        var predicted = new DataViewSchema.Annotations.Builder();
        labels.AddTo(predicted, KeyValues);
        AddScoreSet(predicted, setId, "PredictedLabel");

        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input);
        schema.AddColumn(Score, new VectorDataViewType(NumberDataViewType.Single, labels.Count), score.ToAnnotations());
        schema.AddColumn(PredictedLabel, new KeyDataViewType(typeof(uint), labels.Count), predicted.ToAnnotations());
        if (Known is not null)
        {
            // No column of the set: evaluators want exactly one of scores.
            schema.AddColumn(Known, NumberDataViewType.Single);
        }

        return schema.ToSchema();
    }

    private static void AddScoreSet(DataViewSchema.Annotations.Builder annotations, uint setId, string valueKind)
    {
        // A key of the whole range of UInt32, as the scorers of ML.NET have it.
        annotations.AddPrimitiveValue(ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        annotations.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, MulticlassClassification.AsMemory());
        annotations.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
    }

    private static SchemaShape.Column[] ScoreSetShape() =>
    [
        new(ScoreColumnSetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true),
        new(ScoreColumnKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, false),
        new(ScoreValueKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, false),
    ];

    private static SchemaShape.Column Vector(string name, DataViewType type, params SchemaShape.Column[] annotations) =>
        new(name, SchemaShape.Column.VectorKind.Vector, type, false, new SchemaShape(annotations));

    // Columns that one scorer made share an id; a new scorer takes the next.
    private static uint NextSetId(DataViewSchema schema)
    {
        uint largest = 0;
        foreach (var column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(ScoreColumnSetId) is { Type: KeyDataViewType key } id && key.RawType == typeof(uint))
            {
                uint value = 0;
                column.Annotations.GetValue(ScoreColumnSetId, ref value);
                largest = Math.Max(largest, value);
            }
        }

        return largest + 1;
    }
}
