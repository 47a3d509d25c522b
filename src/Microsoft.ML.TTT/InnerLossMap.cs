using System.Numerics.Tensors;

namespace Microsoft.ML.TTT;

/// <summary>
/// What one head of a token mixer learned from one image: the inner loss of every token before the first inner step and after each. The steps go down the slope of the mean over the tokens
/// ("Learning to (Learn at Test Time)", arXiv 2310.13807, section 2.2): of <see cref="TokenMixer.TttLinear"/> and <see cref="TokenMixer.TttMlp"/> |y - x|² / (2·K) for a token
/// x of which the head's K numbers and the decoder make y, of <see cref="TokenMixer.ViT3"/> -f(k)·v / 3. A step may go too
/// far, so that the mean rises: the outer training wants right answers, not small inner losses.
/// </summary>
public sealed class InnerLossMap
{
    private readonly ReadOnlyMemory<float> _losses;         // [T + 1, G, G]

    internal InnerLossMap(int block, TokenMixer tokenMixer, int head, int gridSide, ReadOnlyMemory<float> losses)
    {
        Block = block;
        TokenMixer = tokenMixer;
        Head = head;
        GridSide = gridSide;
        _losses = losses;
        Steps = (losses.Length / (gridSide * gridSide)) - 1;
    }

    /// <summary>The block of the model, from 0.</summary>
    public int Block { get; }

    /// <summary>The token mixer of that block.</summary>
    public TokenMixer TokenMixer { get; }

    /// <summary>The head of that mixer, from 0; the last of <see cref="TokenMixer.ViT3"/> is its convolution.</summary>
    public int Head { get; }

    /// <summary>The tokens along a side of the image, G.</summary>
    public int GridSide { get; }

    /// <summary>The inner steps, T.</summary>
    public int Steps { get; }

    /// <summary>The loss of each token after a number of steps.</summary>
    /// <param name="step">0 to <see cref="Steps"/>; 0 is before the first.</param>
    /// <returns>[G, G], row by row from the top left.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer steps.</exception>
    public ReadOnlySpan<float> After(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, Steps);
        return _losses.Span.Slice(step * GridSide * GridSide, GridSide * GridSide);
    }

    /// <summary>The mean over the tokens after a number of steps: the inner loss.</summary>
    /// <param name="step">0 to <see cref="Steps"/>; 0 is before the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer steps.</exception>
    public float MeanAfter(int step) => TensorPrimitives.Sum(After(step)) / (GridSide * GridSide);

    /// <summary>
    /// How much smaller all steps made the loss of each token, [G, G], row by row from the top left; negative where it grew.
    /// <see cref="ModelExplanation.DrawContributions"/> draws it over the image.
    /// </summary>
    public float[] Reduction()
    {
        var reduction = new float[GridSide * GridSide];
        TensorPrimitives.Subtract(After(0), After(Steps), reduction);
        return reduction;
    }
}
