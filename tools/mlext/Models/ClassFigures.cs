namespace MLExt.Models;

/// <summary>How one class fared.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Precision">Of the images called this class, the share that are; null when none was.</param>
/// <param name="Recall">Of the images of this class, the share that were called so; null when there is none.</param>
/// <param name="Count">Images of this class that were measured.</param>
internal sealed record ClassFigures(string Name, double? Precision, double? Recall, long Count)
{
    /// <summary>Harmonic mean of precision and recall; null where either is.</summary>
    public double? F1 => Precision + Recall is 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}
