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
    ViT3
}
