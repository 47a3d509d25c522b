namespace Microsoft.ML.FewShot.Data;

/// <summary>Writes varied examples one after another into the memory of a batch. For one thread.</summary>
internal sealed class ExampleWriter
{
    private readonly ExamplePool _pool;
    private readonly byte[] _turned;

    public ExampleWriter(ExamplePool pool, int count)
    {
        _pool = pool;
        _turned = new byte[pool.Shape.IsImage ? pool.Shape.Bytes : 0];
        Pixels = pool.Shape.IsImage ? new byte[count * pool.Shape.Length] : [];
        Numbers = pool.Shape.IsImage ? [] : new float[count * pool.Shape.Length];
    }

    /// <summary>Of images, [count, C, S, S].</summary>
    public byte[] Pixels { get; }

    /// <summary>Of vectors, [count, F].</summary>
    public float[] Numbers { get; }

    /// <summary>Writes an example at place <paramref name="index"/>. Vectors are not varied.</summary>
    public void Write(int index, int example, int orientation, AffineMap? affine)
    {
        var shape = _pool.Shape;
        if (!shape.IsImage)
        {
            _pool.Vector(example).CopyTo(Numbers.AsSpan(index * shape.Length));
            return;
        }

        var place = Pixels.AsSpan(index * shape.Length, shape.Length);
        if (affine is not { } map)
        {
            ImageOrientation.Copy(_pool.Image(example), shape.ImageSize, orientation, place);
            return;
        }

        ImageOrientation.Copy(_pool.Image(example), shape.ImageSize, orientation, _turned);
        map.Apply(_turned, shape.ImageSize, place);
    }
}
