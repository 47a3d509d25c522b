using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Onnx;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>The ways in which a graph lays out the tokens of a model: as rows [N, T, D], as a grid [N, D, s, s] and by heads [N, H, T, K].</summary>
/// <param name="shape">The shape of the model.</param>
internal sealed class OnnxGrid(ModelShape shape)
{
    /// <summary>The tokens on a side, s.</summary>
    public int Side { get; } = shape.ImageSize / shape.PatchSize;

    /// <summary>The tokens of an image, T.</summary>
    public int Tokens => Side * Side;

    /// <summary>H.</summary>
    public int Heads => shape.Heads;

    /// <summary>The width of a head, K.</summary>
    public int HeadWidth => shape.Width / shape.Heads;

    public OnnxValue FromTokens(OnnxValue tokens) => tokens.Permute(0, 2, 1).Reshape(0, 0, Side, Side);

    public OnnxValue ToTokens(OnnxValue grid) => grid.Reshape(0, 0, Tokens).Permute(0, 2, 1);

    /// <summary>[N, T, P·D] → P values [N, H, T, K].</summary>
    public OnnxValue[] Split(OnnxValue projected, int parts)
    {
        var heads = projected.Reshape(0, Tokens, parts, Heads, HeadWidth).Permute(2, 0, 3, 1, 4);       // [P, N, H, T, K]
        return [.. Enumerable.Range(0, parts).Select(part => heads.Select(0, part))];
    }

    /// <summary>[N, H, T, K] → [N, T, D].</summary>
    public OnnxValue Merge(OnnxValue heads) => heads.Permute(0, 2, 1, 3).Reshape(0, Tokens, Heads * HeadWidth);
}
