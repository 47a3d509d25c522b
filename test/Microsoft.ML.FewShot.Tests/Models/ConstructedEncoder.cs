using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

/// <summary>
/// Encoders whose weights are set by hand, on tokens [label | slot | open | embedding] of W + W + 1 + F numbers: a labelled sample has a 1
/// at its class in the first part, the placeholder of a class in the second, a sample without label has the third.
/// </summary>
internal sealed class ConstructedEncoder : IDisposable
{
    private readonly int _ways, _length;
    private readonly SupportEncoder _encoder;

    public ConstructedEncoder(int ways, int length, int layers)
    {
        (_ways, _length) = (ways, length);
        Inner = Width + 2;
        _encoder = new SupportEncoder(new EncoderShape(Width, Inner, 0, 1, layers, NormPlace.None), new Random(1));
        _encoder.to(ScalarType.Float64);
        foreach (var block in _encoder.Blocks)
        {
            foreach (var map in new[] { block.attention.query, block.attention.key, block.attention.value, block.attention.output })
            {
                Clear(map);
            }

            for (int at = 0; at < Width; at++)
            {
                Set(block.attention.output, at, at, 1);
            }
        }
    }

    private int Width => 2 * _ways + 1 + _length;

    // Two numbers more than a token, for terms that depend on the kinds of both tokens.
    private int Inner { get; }

    private double RootOfInner => Math.Sqrt(Inner);

    private int Open => 2 * _ways;

    private int Payload => 2 * _ways + 1;

    /// <summary>The placeholder of a class attends to the samples that carry its label, by exp(<paramref name="beta"/>), and reads their embeddings.</summary>
    /// <param name="layer">The layer that does so.</param>
    /// <param name="beta">The score of a sample with the label.</param>
    /// <param name="isMaskingPlaceholders">Whether placeholders do not count as keys.</param>
    public void ReadLabelled(int layer, double beta, bool isMaskingPlaceholders)
    {
        var attention = _encoder.Blocks[layer].attention;
        for (int way = 0; way < _ways; way++)
        {
            Set(attention.query, way, _ways + way, beta * RootOfInner);
            Set(attention.key, way, way, 1);
            Set(attention.key, Width, _ways + way, isMaskingPlaceholders ? -1e4 : 0);
        }

        SetBias(attention.query, Width, RootOfInner);
        for (int at = Payload; at < Width; at++)
        {
            Set(attention.value, at, at, 1);
        }
    }

    /// <summary>
    /// A sample without label takes over the labels of the labelled samples nearest to it; a labelled one looks at the placeholders, which
    /// have no label to give, so that its own stays as it is.
    /// </summary>
    public void PropagateLabels(int layer, double beta)
    {
        const double Bar = 1e4;
        var attention = _encoder.Blocks[layer].attention;
        for (int at = Payload; at < Width; at++)
        {
            Set(attention.query, at, at, beta * RootOfInner);
            Set(attention.key, at, at, 1);
        }

        SetBias(attention.query, Width, RootOfInner);
        Set(attention.key, Width, Open, -Bar);
        for (int way = 0; way < _ways; way++)
        {
            Set(attention.query, Width + 1, way, RootOfInner);
            Set(attention.key, Width, _ways + way, -Bar);
            Set(attention.key, Width + 1, _ways + way, 2 * Bar);
            Set(attention.value, way, way, 1);
        }
    }

    /// <summary>What the placeholders have become: the logits layer [W, F]. A negative label is none.</summary>
    public Tensor Weights(Tensor embeddings, int[] labels)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var tokens = zeros([_ways + labels.Length, Width], ScalarType.Float64);
        for (int way = 0; way < _ways; way++)
        {
            tokens[way, _ways + way].Fill_(1);
        }

        for (int sample = 0; sample < labels.Length; sample++)
        {
            tokens[_ways + sample, labels[sample] < 0 ? Open : labels[sample]].Fill_(1);
        }

        tokens.narrow(0, _ways, labels.Length).narrow(1, Payload, _length).copy_(embeddings);
        var presence = ones([1, tokens.shape[0]], ScalarType.Float64);
        return _encoder.Encode(tokens.unsqueeze(0), presence, _ways)[0].narrow(1, Payload, _length).MoveToOuterDisposeScope();
    }

    public void Dispose() => _encoder.Dispose();

    private static void Clear(Dense map)
    {
        using var mode = no_grad();
        map.weight.Fill_(0);
        map.bias.Fill_(0);
    }

    private static void Set(Dense map, int output, int input, double value)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        map.weight[output, input].Fill_(value);
    }

    private static void SetBias(Dense map, int output, double value)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        map.bias[output].Fill_(value);
    }
}
