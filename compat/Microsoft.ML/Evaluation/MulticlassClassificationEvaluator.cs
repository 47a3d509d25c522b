using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Compares the scores of a data view with its labels.</summary>
internal sealed class MulticlassClassificationEvaluator
{
    private readonly IHost _host;
    private readonly int _topKPredictionCount;

    internal MulticlassClassificationEvaluator(IHostEnvironment env, int topKPredictionCount)
    {
        _host = env.Register("MultiClassClassifierEvaluator");
        _topKPredictionCount = topKPredictionCount;
    }

    /// <summary>Rows without a label, with a negative or fractional one, or with a score that is not finite are left out.</summary>
    internal MulticlassClassificationMetrics Evaluate(IDataView data, string labelName, string scoreName, string predictedLabelName)
    {
        var label = Find(data.Schema, labelName);
        var score = Find(data.Schema, scoreName);
        Find(data.Schema, predictedLabelName);
        CheckTypes(label, score);
        var classes = score.Type.GetVectorSize();
        var counters = new MulticlassCounters(classes);
        using (var cursor = data.GetRowCursor([label, score]))
        {
            Count(cursor, label, score, counters);
        }

        return new MulticlassClassificationMetrics(counters, _topKPredictionCount, ClassNames(score, classes));
    }

    private static ReadOnlyMemory<char>[] ClassNames(DataViewSchema.Column score, int classes)
    {
        if (score.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type is VectorDataViewType { IsKnownSize: true, ItemType: TextDataViewType })
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            score.Annotations.GetValue(AnnotationUtils.Kinds.SlotNames, ref names);
            return names.DenseValues().ToArray();
        }

        return Enumerable.Range(0, classes).Select(i => i.ToString().AsMemory()).ToArray();
    }

    /// <summary>A getter of the label as a class number from 0 on; NaN is missing.</summary>
    private static ValueGetter<float> LabelGetter(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType type)
        {
            return row.GetGetter<float>(label);
        }

        var getKey = KeyIndex.MakeGetter(row, label);
        ulong key = 0;
        return (ref float value) =>
        {
            getKey(ref key);
            value = key > 0 && key <= type.Count ? key - 1 : float.NaN;
        };
    }

    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private void Count(DataViewRowCursor cursor, DataViewSchema.Column label, DataViewSchema.Column score, MulticlassCounters counters)
    {
        var getLabel = LabelGetter(cursor, label);
        var getScore = cursor.GetGetter<VBuffer<float>>(score);
        var dense = new float[score.Type.GetVectorSize()];
        float trueClass = 0;
        VBuffer<float> scores = default;
        while (cursor.MoveNext())
        {
            getLabel(ref trueClass);
            if (float.IsNaN(trueClass) || trueClass < 0 || trueClass != (int)trueClass)
            {
                continue;
            }

            getScore(ref scores);
            _host.Check(scores.Length == dense.Length, $"Column '{score.Name}' has {dense.Length} scores, a row of it {scores.Length}.");
            if (IsFinite(scores.GetValues()))
            {
                scores.CopyTo(dense);
                counters.Add((int)trueClass, dense);
            }
        }
    }

    private DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) ?? throw _host.ExceptSchemaMismatch(nameof(schema), "column", name);

    private void CheckTypes(DataViewSchema.Column label, DataViewSchema.Column score)
    {
        if (score.Type is not VectorDataViewType { Size: >= 2 } type || type.ItemType != NumberDataViewType.Single)
        {
            throw _host.ExceptSchemaMismatch("schema", "score", score.Name, "vector of two or more items of type Single", score.Type.ToString());
        }

        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
        {
            throw _host.ExceptSchemaMismatch("schema", "label", label.Name, "Single or Key", label.Type.ToString());
        }
    }
}
