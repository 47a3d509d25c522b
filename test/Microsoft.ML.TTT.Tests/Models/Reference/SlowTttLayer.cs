namespace Microsoft.ML.TTT.Tests.Models.Reference;

/// <summary>
/// The MTTT layer written a second time, from its definition alone: loops over numbers, one head after another, and the inner
/// gradient by differentiating the loss with respect to one weight at a time. Slow, and shares nothing with the library.
/// </summary>
internal sealed class SlowTttLayer(LayerInputs inputs, bool decoderNorm, bool linear, bool lastLayerOnly)
{
    private readonly int _tokens = inputs.X.Length, _width = inputs.X[0].Length;

    /// <summary>The layer's output [N][D], and per head the loss before the first and after the last step.</summary>
    internal (double[][] Output, double[][] LossPerHead) Run(int[][] batches)
    {
        var output = inputs.X.Select(_ => inputs.OutputBias.ToArray()).ToArray();
        var losses = new List<double[]>();
        int[] all = [.. Enumerable.Range(0, _tokens)];
        foreach (var head in inputs.Heads)
        {
            var keys = View(head.TrainView, head.TrainViewBias);
            var queries = View(head.TestView, head.TestViewBias);
            var weights = Start(head);
            double before = Loss(head, keys, weights, all).Value;
            foreach (var batch in batches)
            {
                weights = Step(head, keys, weights, batch);
            }

            losses.Add([before, Loss(head, keys, weights, all).Value]);
            for (int token = 0; token < _tokens; token++)
            {
                var answer = Inner(head, weights, queries[token]);
                for (int j = 0; j < _width; j++)
                {
                    output[token][j] += answer.Select((value, i) => value.Value * head.Output[i][j]).Sum();
                }
            }
        }

        return (output, [.. losses]);
    }

    private double[][] View(double[][] kernel, double[] bias) =>
        [.. inputs.X.Select(x => bias.Select((b, j) => b + x.Select((value, i) => value * kernel[i][j]).Sum()).ToArray())];

    private Dual[] Start(LayerHead head) => linear
        ? new Dual[head.W2[0].Length * head.W2[0].Length]
        : [.. head.W1.SelectMany(row => row).Concat(head.B1).Concat(head.W2.SelectMany(row => row)).Concat(head.B2).Select(value => new Dual(value))];

    /// <summary>Every weight less the derivative of the loss with respect to it.</summary>
    private Dual[] Step(LayerHead head, double[][] keys, Dual[] weights, int[] batch)
    {
        int first = lastLayerOnly ? (head.W1.Length + 1) * head.B1.Length : 0;
        var stepped = weights.ToArray();
        for (int i = first; i < weights.Length; i++)
        {
            var varied = weights.ToArray();
            varied[i] = new Dual(weights[i].Value, 1);
            stepped[i] = weights[i].Value - Loss(head, keys, varied, batch).Slope;
        }

        return stepped;
    }

    /// <summary>1/(2·n·K)·Σ|y - x|² over the tokens of the batch.</summary>
    private Dual Loss(LayerHead head, double[][] keys, Dual[] weights, int[] batch)
    {
        Dual sum = 0;
        foreach (int token in batch)
        {
            var decoded = Decode(head, Inner(head, weights, keys[token]));
            for (int j = 0; j < _width; j++)
            {
                var error = decoded[j] - inputs.X[token][j];
                sum += error * error;
            }
        }

        return sum / (2.0 * batch.Length * head.W2[0].Length);
    }

    private Dual[] Inner(LayerHead head, Dual[] weights, double[] x)
    {
        int K = x.Length, M = head.B1.Length;
        if (linear)
        {
            return Map(x.Select(value => (Dual)value).ToArray(), weights, 0, K);
        }

        var hidden = Map([.. x.Select(value => (Dual)value)], weights, 0, M);
        for (int j = 0; j < M; j++)
        {
            hidden[j] = Dual.Gelu(hidden[j] + weights[K * M + j]);
        }

        var answer = Map(hidden, weights, K * M + M, K);
        for (int j = 0; j < K; j++)
        {
            answer[j] += weights[K * M + M + M * K + j];
        }

        return answer;
    }

    private static Dual[] Map(Dual[] x, Dual[] weights, int offset, int outputs)
    {
        var y = new Dual[outputs];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                y[j] += x[i] * weights[offset + i * outputs + j];
            }
        }

        return y;
    }

    private Dual[] Decode(LayerHead head, Dual[] z)
    {
        var y = inputs.DecoderBias.Select((b, j) => z.Select((value, i) => value * head.Decoder[i][j]).Aggregate((Dual)b, (sum, term) => sum + term)).ToArray();
        if (!decoderNorm)
        {
            return y;
        }

        var mean = y.Aggregate((Dual)0, (sum, value) => sum + value) / _width;
        var variance = y.Aggregate((Dual)0, (sum, value) => sum + (value - mean) * (value - mean)) / _width;
        var deviation = Dual.Sqrt(variance + 1e-6);
        return [.. y.Select((value, j) => (value - mean) / deviation * head.Gamma[j] + head.Beta[j])];
    }
}
