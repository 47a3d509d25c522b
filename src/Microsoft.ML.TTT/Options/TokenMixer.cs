namespace Microsoft.ML.TTT;

/// <summary>
/// How the tokens of one image exchange information inside a transformer block. Every mixer maps [B, N, D] to [B, N, D]
/// (B images, N tokens, D numbers a token) and stands in the same place of the same network, so that they can be compared.
/// </summary>
public enum TokenMixer
{
    /// <summary>No mixer: the block keeps its feed-forward part alone. The control that every other mixer has to beat.</summary>
    None,

    /// <summary>Softmax self-attention, as in the original vision transformer. Time grows with N².</summary>
    SoftmaxAttention,

    /// <summary>Linear attention with the identity feature map and a constant normaliser. Time grows with N.</summary>
    LinearAttention,

    /// <summary>Linear attention with the feature map elu(x) + 1, normalised by its sum over the tokens. Time grows with N.</summary>
    LinearAttentionElu,

    /// <summary>
    /// MTTT-Linear: a linear inner model is trained on the image's own tokens, by gradient descent on a reconstruction task
    /// that the outer training has learned. With one step from zero it is the cheapest test-time-training mixer. Time grows with N.
    /// </summary>
    TttLinear,

    /// <summary>
    /// MTTT-MLP: as <see cref="TttLinear"/>, with an inner network of one hidden layer that starts from learned weights and a
    /// decoder with layer normalisation. Several inner steps and mini-batches of tokens are options. Time grows with N.
    /// </summary>
    TttMlp,

    /// <summary>
    /// The ViT³ block: inner gated linear units per head, and one head whose inner model is a 3x3 depth-wise convolution,
    /// all trained for one step on the image's own tokens. Needs a square token grid. Time grows with N.
    /// </summary>
    ViT3,

    /// <summary>cosFormer (arXiv 2202.08791): linear attention whose weights fall off with the cosines of the distances on the grid. Time grows with N.</summary>
    CosFormer,

    /// <summary>
    /// TransNormer's linear attention without a denominator (arXiv 2210.10340), normalised over the whole width and gated; for the second half of the blocks, with
    /// <see cref="DiagonalAttention"/> in the first. Time grows with N.
    /// </summary>
    NormAttention,

    /// <summary>Softmax attention within windows of 8 x 8 tokens (arXiv 2210.10340). Time grows with N.</summary>
    DiagonalAttention,

    /// <summary>Gated linear attention in both directions along the tokens (arXiv 2405.18425). Needs heads of an even width. Time grows with N. No ONNX.</summary>
    GatedLinearAttention,

    /// <summary>
    /// Linear attention that fades with the distance on the grid, as Lightning Attention-2 does along a sequence (arXiv 2401.04658). Up to 2,048 tokens it computes all
    /// pairs; beyond, time grows with N. ONNX up to 1,024 tokens.
    /// </summary>
    LightningAttention,

    /// <summary>
    /// The Mesa layer (arXiv 2309.05858) for images: a linear inner model that has learned to the end, by solving a ridge regression for each head. Time grows with N. No ONNX.
    /// </summary>
    Mesa,

    /// <summary>Rank-augmented linear attention (arXiv 2411.07635). Time grows with N.</summary>
    RalaAttention,

    /// <summary>InLine attention (arXiv 2412.06590): linear attention whose weights sum to one by subtraction. Time grows with N.</summary>
    InLineAttention,

    /// <summary>
    /// Gated DeltaNet in both directions along the tokens (arXiv 2412.06464): a linear inner model that fades and steps after every token. Time grows with N. No ONNX.
    /// </summary>
    GatedDeltaNet
}
