using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Makes pools from data views.</summary>
internal static class ExamplePools
{
    /// <summary>The images of a decoded data set, in grey or colour.</summary>
    /// <param name="images">Every image must be in memory. A grey pool has copies; a coloured one shares the data set's pixels.</param>
    /// <param name="classNames">The name of every class.</param>
    /// <param name="colors">1 for grey (luma), 3 for red, green and blue.</param>
    public static ExamplePool OfImages(ImageDataSet images, IReadOnlyList<string> classNames, int colors)
    {
        var shape = ExampleShape.Images(colors, images.Side);
        if (colors == 3)
        {
            var byClass = images.Rows.ToLookup(images.Store.Label);
            var classes = classNames.Select((name, number) => new PoolClass(name, PoolClass.GroupOf(name), [.. byClass[number]]));
            return new ExamplePool(shape, images.Store.Cache, [.. classes.Where(one => one.Examples.Length > 0)]);
        }

        var builder = new ExamplePoolBuilder(shape, classNames);
        var grey = new byte[shape.Bytes];
        foreach (var row in images.Rows)
        {
            GreyImage.Luma(images.Store.Cache[row], grey);
            builder.Add(images.Store.Label(row), grey);
        }

        return builder.Build();
    }

    /// <summary>The vectors of a column. Rows without a label or with a value that is not a number are left out.</summary>
    /// <param name="data">What to read, once.</param>
    /// <param name="features">A vector of <see cref="float"/> of known size.</param>
    /// <param name="label">A key of <see cref="uint"/>.</param>
    /// <param name="classNames">The name of every class.</param>
    /// <param name="cancellationToken">Ends the pass with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The pool, and the number of rows left out.</returns>
    public static (ExamplePool Pool, int Skipped) OfVectors(IDataView data, DataViewSchema.Column features, DataViewSchema.Column label,
        IReadOnlyList<string> classNames, CancellationToken cancellationToken)
    {
        var builder = new ExamplePoolBuilder(ExampleShape.Vectors(features.Type.GetVectorSize()), classNames);
        var skipped = 0;
        using var cursor = data.GetRowCursor([features, label]);
        var readVector = cursor.GetGetter<VBuffer<float>>(features);
        var readKey = cursor.GetGetter<uint>(label);
        var (vector, key) = (default(VBuffer<float>), 0u);
        var dense = new float[features.Type.GetVectorSize()];
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            readVector(ref vector);
            readKey(ref key);
            vector.CopyTo(dense);
            if (key == 0 || key > classNames.Count || !Array.TrueForAll(dense, float.IsFinite))
            {
                skipped++;
                continue;
            }

            builder.Add((int)key - 1, dense);
        }

        return (builder.Build(), skipped);
    }
}
