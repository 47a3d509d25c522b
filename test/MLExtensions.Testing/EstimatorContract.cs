using Microsoft.ML;
using Microsoft.ML.VisionCore.Interop;

namespace MLExtensions.Testing;

/// <summary>
/// What every estimator owes its users: it delivers what it promises, at every door; it refuses at every door what it cannot use; and what it made
/// is the same after a save and a load.
/// </summary>
public sealed class EstimatorContract(MLContext context, IEstimator<ITransformer> estimator)
{
    /// <summary>Fits, checks everything, and returns the transformer, which the caller disposes.</summary>
    /// <param name="data">A data set that the estimator can be fitted on.</param>
    /// <param name="wrongInputs">Data sets that it cannot be fitted on and the transformer cannot transform.</param>
    /// <param name="rowTolerance">The largest difference between the values of a cursor and those of a row mapper.</param>
    /// <param name="isRowToRow">Whether the transformer is to score row by row; otherwise it is to say that it cannot.</param>
    public ITransformer Check(IDataView data, IEnumerable<IDataView> wrongInputs, double rowTolerance, bool isRowToRow = true)
    {
        var promised = estimator.GetOutputSchema(SchemaShapes.Of(data.Schema));
        var transformer = estimator.Fit(data);
        CheckSchemas(transformer, data, promised);
        foreach (var wrong in wrongInputs)
        {
            CheckRefusal(transformer, wrong, isRowToRow);
        }

        Assert.AreEqual(isRowToRow, transformer.IsRowToRowMapper);
        if (isRowToRow)
        {
            CheckMapper(transformer, data);
            CheckRows(transformer, data, rowTolerance);
        }
        else
        {
            Assert.ThrowsExactly<InvalidOperationException>(() => transformer.GetRowToRowMapper(data.Schema));
        }

        CheckReload(transformer, data);
        return transformer;
    }

    private static void CheckSchemas(ITransformer transformer, IDataView data, SchemaShape promised)
    {
        var delivered = transformer.Transform(data).Schema;
        Assert.AreEqual(Describe(SchemaShapes.Of(delivered)), Describe(promised), "what the estimator promised is not what the transformer delivers");
        Assert.AreEqual(Describe(delivered), Describe(transformer.GetOutputSchema(data.Schema)), "the transformer promises another schema than it delivers");
    }

    private static void CheckMapper(ITransformer transformer, IDataView data)
    {
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.AreSame(data.Schema, mapper.InputSchema);
        Assert.AreEqual(Describe(transformer.Transform(data).Schema), Describe(mapper.OutputSchema), "the row mapper has another schema");
    }

    private void CheckRefusal(ITransformer transformer, IDataView wrong, bool isRowToRow)
    {
        List<Action> doors =
        [
            () => estimator.GetOutputSchema(SchemaShapes.Of(wrong.Schema)),
            () => estimator.Fit(wrong),
            () => transformer.GetOutputSchema(wrong.Schema),
            () => transformer.Transform(wrong),
        ];
        if (isRowToRow)
        {
            doors.Add(() => transformer.GetRowToRowMapper(wrong.Schema));
        }

        foreach (var door in doors)
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(door, $"for the columns {string.Join(", ", wrong.Schema)}");
        }
    }

    private static void CheckRows(ITransformer transformer, IDataView data, double tolerance)
    {
        var transformed = transformer.Transform(data);
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        foreach (var column in transformed.Schema.Where(column => !column.IsHidden))
        {
            using var expected = ColumnValues.Open(transformed.GetRowCursor([column]), column);
            DataViewSchema.Column[] needed = [.. mapper.GetDependencies([mapper.OutputSchema[column.Index]])];
            var cursor = data.GetRowCursor(needed);
            using var actual = ColumnValues.Open(mapper.GetRow(cursor, [mapper.OutputSchema[column.Index]]), mapper.OutputSchema[column.Index]);
            while (expected.MoveNext())
            {
                Assert.IsTrue(cursor.MoveNext());
                ColumnValues.AssertEqual(expected.Read(), actual.Read(), tolerance, column.Name);
            }
        }
    }

    private void CheckReload(ITransformer transformer, IDataView data)
    {
        using var file = new MemoryStream();
        context.Model.Save(transformer, data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        using var owner = loaded as IDisposable;
        var (before, after) = (transformer.Transform(data), loaded.Transform(data));
        Assert.AreEqual(Describe(before.Schema), Describe(after.Schema), "the loaded transformer has another schema");
        foreach (var column in before.Schema.Where(column => !column.IsHidden))
        {
            using var expected = ColumnValues.Open(before.GetRowCursor([column]), column);
            using var actual = ColumnValues.Open(after.GetRowCursor([after.Schema[column.Index]]), after.Schema[column.Index]);
            while (expected.MoveNext())
            {
                Assert.IsTrue(actual.MoveNext());
                ColumnValues.AssertEqual(expected.Read(), actual.Read(), 0, column.Name);
            }

            Assert.IsFalse(actual.MoveNext());
        }
    }

    private static string Describe(SchemaShape shape) => string.Join("; ", shape.OrderBy(column => column.Name, StringComparer.Ordinal).Select(column =>
        $"{column.Name}: {column.Kind} of {column.ItemType}, key {column.IsKey} ({Describe(column.Annotations)})"));

    private static string Describe(DataViewSchema schema) => string.Join("; ", schema.Select(column =>
        $"{column.Name}: {column.Type}, hidden {column.IsHidden} ({Describe(column.Annotations)})"));

    private static string Describe(DataViewSchema.Annotations annotations) => string.Join(", ", annotations.Schema
        .OrderBy(column => column.Name, StringComparer.Ordinal)
        .Select(column => $"{column.Name}: {column.Type} = {ColumnValues.Describe(ColumnValues.ReadAnnotation(annotations, column))}"));
}
