using System.Runtime.InteropServices;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Examples that are embedded once, where tasks have the same embedding and it takes long.</summary>
internal static class EmbeddedPool
{
    private const int BatchSize = 32;

    /// <summary>The embeddings of a pool's images.</summary>
    /// <param name="network">What embeds them.</param>
    /// <param name="pool">The images.</param>
    /// <param name="progress">Called now and then while it works; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static ExamplePool Of(FewShotNetwork network, ExamplePool pool, Action? progress, CancellationToken cancellationToken)
    {
        var builder = new ExamplePoolBuilder(ExampleShape.Vectors(network.Shape.TargetLength), [.. pool.Classes.Select(one => one.Name)]);
        using var mode = no_grad();
        for (var number = 0; number < pool.Classes.Count; number++)
        {
            foreach (var batch in pool.Classes[number].Examples.Chunk(BatchSize))
            {
                progress?.Invoke();
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                byte[] pixels = [.. batch.SelectMany(example => pool.Image(example).ToArray())];
                var embedded = network.Backbone.call(SupportSet.ToTensor(pixels, pool.Shape, network.Scale, network.Device)).cpu();     // [B, F]
                var values = MemoryMarshal.Cast<byte, float>(embedded.bytes);
                for (var row = 0; row < batch.Length; row++)
                {
                    builder.Add(number, values.Slice(row * network.Shape.TargetLength, network.Shape.TargetLength));
                }
            }
        }

        return builder.Build();
    }
}
