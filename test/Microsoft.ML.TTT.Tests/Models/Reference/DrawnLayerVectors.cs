namespace Microsoft.ML.TTT.Tests.Models.Reference;

/// <summary>Layer vectors of any size: inputs drawn from a seed, outputs by the slow layer.</summary>
internal static class DrawnLayerVectors
{
    internal static LayerVectors Create(int seed, int tokens, int width, int heads, int hidden)
    {
        var random = new Random(seed);
        int K = width / heads;
        var inputs = new LayerInputs
        {
            X = Matrix(random, tokens, width, 1),
            DecoderBias = Vector(random, width, 0.1),
            OutputBias = Vector(random, width, 0.1),
            Heads = [.. Enumerable.Range(0, heads).Select(_ => Head(random, width, K, hidden))]
        };
        return new LayerVectors
        {
            About = "One MTTT layer on one image in float64. y = x*kernel + bias, tanh form of GELU, decoder LayerNorm eps 1e-6, step size 1. "
                + "The inner gradients come from forward-mode differentiation, one weight at a time.",
            Tokens = tokens,
            Width = width,
            HeadsCount = heads,
            HeadWidth = K,
            Hidden = hidden,
            Inputs = inputs,
            Cases = Cases(inputs, tokens)
        };
    }

    private static Dictionary<string, LayerCase> Cases(LayerInputs inputs, int tokens)
    {
        int[] all = [.. Enumerable.Range(0, tokens)];
        int[][] halves = [[.. all.Where(i => i % 2 == 1)], [.. all.Where(i => i % 2 == 0)]];
        int[][] thirds = [.. Enumerable.Range(0, 3).Select(t => all.Where(i => (i + 1) % 3 == t).ToArray())];
        return new Dictionary<string, LayerCase>
        {
            ["mlp_T1_LN"] = Case("mlp_T1_LN", inputs, [all], norm: true),
            ["mlp_T3_LN"] = Case("mlp_T3_LN", inputs, [all, all, all], norm: true),
            ["mlp_T1_noLN"] = Case("mlp_T1_noLN", inputs, [all], norm: false),
            ["mlp_T2_noLN"] = Case("mlp_T2_noLN", inputs, [all, all], norm: false),
            ["mlp_SGD2_LN"] = Case("mlp_SGD2_LN", inputs, halves, norm: true),
            ["mlp_SGD3_LN"] = Case("mlp_SGD3_LN", inputs, thirds, norm: true),
            ["linear_T1_W0zero_noLN"] = Case("linear_T1_W0zero_noLN", inputs, [all], norm: false),
            ["linear_T3_W0zero_noLN"] = Case("linear_T3_W0zero_noLN", inputs, [all, all, all], norm: false),
            ["linear_SGD2_W0zero_noLN"] = Case("linear_SGD2_W0zero_noLN", inputs, halves, norm: false),
            ["mlp_T1_LN_last_layer_only"] = Case("mlp_T1_LN_last_layer_only", inputs, [all], norm: true),
            ["mlp_T2_noLN_last_layer_only"] = Case("mlp_T2_noLN_last_layer_only", inputs, [all, all], norm: false)
        };
    }

    private static LayerCase Case(string name, LayerInputs inputs, int[][] batches, bool norm)
    {
        var layer = new SlowTttLayer(inputs, norm, LayerCase.IsLinear(name), LayerCase.IsLastLayerOnly(name));
        var (output, losses) = layer.Run(batches);
        return new LayerCase { InnerBatches = batches, DecoderNorm = norm, Output = output, LossPerHead = losses };
    }

    private static LayerHead Head(Random random, int width, int K, int hidden) => new()
    {
        TrainView = Matrix(random, width, K, 0.5),
        TrainViewBias = Vector(random, K, 0.1),
        TestView = Matrix(random, width, K, 0.5),
        TestViewBias = Vector(random, K, 0.1),
        Decoder = Matrix(random, K, width, 0.5),
        Output = Matrix(random, K, width, 0.5),
        Gamma = [.. Vector(random, width, 0.3).Select(value => 1 + value)],
        Beta = Vector(random, width, 0.2),
        W1 = Matrix(random, K, hidden, 0.5),
        B1 = Vector(random, hidden, 0.1),
        W2 = Matrix(random, hidden, K, 0.5),
        B2 = Vector(random, K, 0.1)
    };

    private static double[][] Matrix(Random random, int rows, int columns, double limit) =>
        [.. Enumerable.Range(0, rows).Select(_ => Vector(random, columns, limit))];

    private static double[] Vector(Random random, int count, double limit) =>
        [.. Enumerable.Range(0, count).Select(_ => limit * (2 * random.NextDouble() - 1))];
}
