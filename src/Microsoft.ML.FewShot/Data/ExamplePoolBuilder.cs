using System.Runtime.InteropServices;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Collects examples by class into an <see cref="ExamplePool"/>.</summary>
internal sealed class ExamplePoolBuilder(ExampleShape shape, IReadOnlyList<string> classNames)
{
    private readonly PixelCache _store = new(shape.Bytes, long.MaxValue);
    private readonly List<int>[] _examples = [.. classNames.Select(_ => new List<int>())];

    /// <summary>Adds an image [C, S, S] to the class of that number.</summary>
    public void Add(int classNumber, ReadOnlySpan<byte> image)
    {
        _examples[classNumber].Add(_store.Count);
        _store.Add(image);
    }

    /// <summary>Adds a vector [F] to the class of that number.</summary>
    public void Add(int classNumber, ReadOnlySpan<float> vector) => Add(classNumber, MemoryMarshal.AsBytes(vector));

    /// <summary>The pool of the classes that have examples. The group of a class is what its name says before the last slash.</summary>
    public ExamplePool Build() => new(shape, _store,
    [
        .. classNames.Select((name, number) => new PoolClass(name, PoolClass.GroupOf(name), [.. _examples[number]])).Where(one => one.Examples.Length > 0),
    ]);
}
