using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Many classes with a few examples of each, on the device; owns its tensor.</summary>
internal sealed class ClassBatch(Tensor examples, int classes, int examplesPerClass, (int First, int Total) place) : IDisposable
{
    /// <summary>[classes · drawings, ...], class by class.</summary>
    public Tensor Examples { get; } = examples.DetachFromDisposeScope();

    public int Classes => classes;

    /// <summary>Where these classes lie among those of all processes of a team, and how many those are.</summary>
    public (int First, int Total) Place => place;

    /// <summary>The examples of each class.</summary>
    public int ExamplesPerClass => examplesPerClass;

    public void Dispose() => Examples.Dispose();
}
