namespace Microsoft.ML.FewShot.Data;

/// <summary>Writes varied examples one after another into the memory of a batch. For one thread.</summary>
internal sealed class ExampleWriter
{
    private readonly ExamplePool _pool;
    private readonly byte[] _turned;
    private readonly byte[] _moved;

    public ExampleWriter(ExamplePool pool, int count)
    {
        _pool = pool;
        _turned = new byte[pool.Shape.IsImage ? pool.Shape.Bytes : 0];
        _moved = new byte[_turned.Length];
        Pixels = pool.Shape.IsImage ? new byte[count * pool.Shape.Length] : [];
        Numbers = pool.Shape.IsImage ? [] : new float[count * pool.Shape.Length];
    }

    /// <summary>Of images, [count, C, S, S].</summary>
    public byte[] Pixels { get; }

    /// <summary>Of vectors, [count, F].</summary>
    public float[] Numbers { get; }

    /// <summary>Writes an example at place <paramref name="index"/>. Vectors are not varied.</summary>
    public void Write(int index, ExampleDraw draw)
    {
        var shape = _pool.Shape;
        if (!shape.IsImage)
        {
            _pool.Vector(draw.Example).CopyTo(Numbers.AsSpan(index * shape.Length));
            return;
        }

        var place = Pixels.AsSpan(index * shape.Length, shape.Length);
        ImageOrientation.Copy(_pool.Image(draw.Example), shape.ImageSize, draw.Orientation, draw is { Affine: null, Stroke: null } ? place : _turned);
        draw.Affine?.Apply(_turned, shape.ImageSize, draw.Stroke is null ? place : _moved);
        draw.Stroke?.Apply(draw.Affine is null ? _turned : _moved, shape.ImageSize, place);
    }
}
