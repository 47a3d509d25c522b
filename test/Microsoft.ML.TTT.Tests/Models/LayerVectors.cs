using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.TTT.Tests.Models;

/// <summary>Float64 inputs and expected outputs of one MTTT layer for one image, as they stand in a JSON file.</summary>
internal sealed record LayerVectors
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = false };

    [JsonPropertyName("about")] public string About { get; init; } = "";
    [JsonPropertyName("N")] public required int Tokens { get; init; }
    [JsonPropertyName("d")] public required int Width { get; init; }
    [JsonPropertyName("heads_count")] public required int HeadsCount { get; init; }
    [JsonPropertyName("head_dim")] public required int HeadWidth { get; init; }
    [JsonPropertyName("hidden")] public required int Hidden { get; init; }
    [JsonPropertyName("inputs")] public required LayerInputs Inputs { get; init; }
    [JsonPropertyName("cases")] public required Dictionary<string, LayerCase> Cases { get; init; }

    internal static LayerVectors Read(string path) => JsonSerializer.Deserialize<LayerVectors>(File.ReadAllText(path), Json)!;

    internal string ToJson() => JsonSerializer.Serialize(this, Json);
}

internal sealed record LayerInputs
{
    [JsonPropertyName("X")] public required double[][] X { get; init; }
    [JsonPropertyName("g_bias")] public required double[] DecoderBias { get; init; }
    [JsonPropertyName("h_bias")] public required double[] OutputBias { get; init; }
    [JsonPropertyName("heads")] public required LayerHead[] Heads { get; init; }
}

internal sealed record LayerHead
{
    [JsonPropertyName("phi_kernel")] public required double[][] TrainView { get; init; }
    [JsonPropertyName("phi_bias")] public required double[] TrainViewBias { get; init; }
    [JsonPropertyName("psi_kernel")] public required double[][] TestView { get; init; }
    [JsonPropertyName("psi_bias")] public required double[] TestViewBias { get; init; }
    [JsonPropertyName("g_kernel")] public required double[][] Decoder { get; init; }
    [JsonPropertyName("h_kernel")] public required double[][] Output { get; init; }
    [JsonPropertyName("ln_gamma")] public required double[] Gamma { get; init; }
    [JsonPropertyName("ln_beta")] public required double[] Beta { get; init; }
    [JsonPropertyName("W1")] public required double[][] W1 { get; init; }
    [JsonPropertyName("b1")] public required double[] B1 { get; init; }
    [JsonPropertyName("W2")] public required double[][] W2 { get; init; }
    [JsonPropertyName("b2")] public required double[] B2 { get; init; }
}

/// <summary>One way to run the layer. A name that begins with "linear" has a linear inner model that starts at zero;
/// one that holds "last_layer_only" says so.</summary>
internal sealed record LayerCase
{
    [JsonPropertyName("inner_batches")] public required int[][] InnerBatches { get; init; }
    [JsonPropertyName("decoder_layer_norm")] public required bool DecoderNorm { get; init; }
    [JsonPropertyName("output")] public required double[][] Output { get; init; }

    /// <summary>Per head: before the first step, after the last; over all tokens. Some files leave it out.</summary>
    [JsonPropertyName("inner_loss_per_head")] public double[][]? LossPerHead { get; init; }

    internal static bool IsLinear(string name) => name.StartsWith("linear", StringComparison.Ordinal);

    internal static bool IsLastLayerOnly(string name) => name.Contains("last_layer_only", StringComparison.Ordinal);
}
