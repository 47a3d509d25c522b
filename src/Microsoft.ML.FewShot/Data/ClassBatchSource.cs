using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Batches of random classes with a few examples of each. A background thread fills arrays; the thread that takes the batches makes the tensors.</summary>
internal sealed class ClassBatchSource : IBatchSource<ClassBatch>
{
    private const int BatchesAhead = 4;

    private readonly ExamplePool _pool;
    private readonly int _classes, _drawings, _seed, _first, _count;
    private readonly ClassVariation _variation;
    private readonly ImageNormalization _scale;
    private readonly Device _device;
    private readonly byte[] _orientations;

    /// <param name="pool">The classes; those with fewer than <paramref name="examplesPerClass"/> examples are left out.</param>
    /// <param name="classes">The classes of a batch; all where there are fewer.</param>
    /// <param name="examplesPerClass">The examples of a class; at least 2.</param>
    /// <param name="variation">How images are varied.</param>
    /// <param name="scale">How pixels become numbers.</param>
    /// <param name="batchesPerEpoch">The length of an epoch.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="device">Where the batches go.</param>
    /// <param name="team">Who divides the classes of a batch; null for this process alone.</param>
    /// <exception cref="InvalidOperationException">Fewer than two classes have enough examples.</exception>
    public ClassBatchSource(ExamplePool pool, int classes, int examplesPerClass, ClassVariation variation, ImageNormalization scale, int batchesPerEpoch, int seed, Device device, Team? team = null)
    {
        _pool = pool.WithAtLeast(examplesPerClass);
        if (_pool.Classes.Count < 2)
        {
            throw new InvalidOperationException($"Training needs 2 classes with at least {examplesPerClass} {pool.Shape.Noun}; the data has {_pool.Classes.Count} such classes.");
        }

        _orientations = variation.IsOrientationClass ? variation.Orientations(pool.Shape) : [];
        _classes = Math.Min(classes, _pool.Classes.Count * Math.Max(1, _orientations.Length));
        (_drawings, _variation, _scale, BatchesPerEpoch, _seed, _device) = (examplesPerClass, variation, scale, batchesPerEpoch, seed, device);
        (_first, _count) = (team ?? Team.Alone).Part(_classes, "classes");
    }

    public int BatchesPerEpoch { get; }

    public int ExamplesPerBatch => _classes * _drawings;

    public IEnumerable<ClassBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        foreach (var examples in LookAhead.Run(Fill(epoch, firstBatch), BatchesAhead, cancellationToken))
        {
            yield return new ClassBatch(ExampleScale.ToTensor(examples, _pool.Shape, _scale, _device), _count, _drawings, (_first, _classes));
        }
    }

    public void Dispose()
    {
    }

    private IEnumerable<ExampleWriter> Fill(int epoch, int firstBatch)
    {
        for (var number = firstBatch; number < BatchesPerEpoch; number++)
        {
            yield return Fill(SeededRandom.Create(_seed, RandomPurpose.Classes, epoch, number));
        }
    }

    private ExampleWriter Fill(Random random)
    {
        var writer = new ExampleWriter(_pool, _count * _drawings);
        var count = _pool.Classes.Count;
        var order = Enumerable.Range(0, count * Math.Max(1, _orientations.Length)).ToArray();
        for (var place = 0; place < _classes; place++)
        {
            var drawn = order.TakeRandom(place, random);
            int[] examples = [.. _pool.Classes[drawn % count].Examples];
            var orientation = _orientations.Length > 0 ? _orientations[drawn / count] : _variation.DrawOrientation(random);
            for (var drawing = 0; drawing < _drawings; drawing++)
            {
                var draw = new ExampleDraw(examples.TakeRandom(drawing, random), orientation, _variation.DrawAffine(random), _variation.DrawStroke(random));
                if (place >= _first && place < _first + _count)
                {
                    writer.Write(((place - _first) * _drawings) + drawing, draw);
                }
            }
        }

        return writer;
    }
}
