using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.VisionCore.Explanation;

/// <summary>A classifier that knows what each place of an image adds to a logit. Safe to call from several threads at once.</summary>
internal interface IRowExplainer : IRowScorer
{
    /// <summary>The side G of the grid of places; 0 where rows have no places.</summary>
    int GridSide { get; }

    /// <summary>What each place adds to the logit of a class less the mean of all classes' logits, compared with an average picture.</summary>
    /// <param name="features">One row, [<see cref="IRowScorer.RowBytes"/>].</param>
    /// <param name="classIndex">The class, from 0.</param>
    /// <param name="contributions">Receives [G, G], row by row from the top left.</param>
    void Explain(ReadOnlySpan<byte> features, int classIndex, Span<float> contributions);
}

/// <summary>A transformer that can say which places of an image spoke for a class.</summary>
internal interface IExplainable
{
    /// <summary>Its scores, and with them <see cref="ModelExplanation.ColumnName"/>.</summary>
    /// <param name="input">The data to be scored.</param>
    /// <param name="className">The class; null is the predicted one.</param>
    IDataView Explain(IDataView input, string? className);
}
