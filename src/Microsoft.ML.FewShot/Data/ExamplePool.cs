using System.Runtime.InteropServices;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Seeding;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Classes and their examples, all in memory. Immutable; parts of a pool share its examples.</summary>
internal sealed class ExamplePool
{
    private readonly PixelCache _store;

    /// <param name="shape">What every example is.</param>
    /// <param name="store">The examples; of a vector, its bytes.</param>
    /// <param name="classes">Which examples belong to which class.</param>
    public ExamplePool(ExampleShape shape, PixelCache store, IReadOnlyList<PoolClass> classes)
    {
        Shape = shape;
        _store = store;
        Classes = classes;
        Count = classes.Sum(one => one.Examples.Length);
    }

    public ExampleShape Shape { get; }

    public IReadOnlyList<PoolClass> Classes { get; }

    /// <summary>The examples of all classes.</summary>
    public int Count { get; }

    /// <summary>The bytes [C, S, S] of an image.</summary>
    public ReadOnlySpan<byte> Image(int example) => _store[example];

    /// <summary>The numbers [F] of a vector.</summary>
    public ReadOnlySpan<float> Vector(int example) => MemoryMarshal.Cast<byte, float>(_store[example]);

    /// <summary>The classes with at least <paramref name="examples"/> examples.</summary>
    public ExamplePool WithAtLeast(int examples) => With([.. Classes.Where(one => one.Examples.Length >= examples)]);

    /// <summary>Holds out a seeded share of the classes, at least one where there are two.</summary>
    /// <param name="fraction">The share of the classes to hold out, in (0, 1).</param>
    /// <param name="seed">The seed of the run.</param>
    public (ExamplePool Training, ExamplePool Validation) SplitClasses(double fraction, int seed)
    {
        var order = Enumerable.Range(0, Classes.Count).ToArray();
        SeededRandom.Create(seed, RandomPurpose.Split).Shuffle(order);
        var held = order.Take(Math.Min(order.Length - 1, Math.Max(1, (int)Math.Round(order.Length * fraction)))).ToHashSet();
        return (With([.. Classes.Where((_, number) => !held.Contains(number))]), With([.. Classes.Where((_, number) => held.Contains(number))]));
    }

    private ExamplePool With(PoolClass[] classes) => new(Shape, _store, classes);
}
