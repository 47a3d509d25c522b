using MLExt.Models;

namespace MLExt.Reports;

/// <summary>The part that all JSON with metrics shares. Null where nothing was measured.</summary>
internal abstract class FiguresReport(Figures? figures, double seconds)
{
    /// <summary>Share of images classified rightly.</summary>
    public double? MicroAccuracy { get; } = figures?.MicroAccuracy;

    /// <summary>Mean over classes of the share classified rightly.</summary>
    public double? MacroAccuracy { get; } = figures?.MacroAccuracy;

    /// <summary>Mean negative natural logarithm of the right class's probability.</summary>
    public double? LogLoss { get; } = figures?.LogLoss;

    /// <summary>How much of the log-loss of guessing by class frequency was saved.</summary>
    public double? LogLossReduction { get; } = figures?.LogLossReduction;

    /// <summary>Expected calibration error of the probabilities, 0 to 1, in 15 ranges.</summary>
    public double? Ece { get; init; }

    /// <summary>Images that the metrics are over.</summary>
    public long Images { get; } = figures?.Images ?? 0;

    /// <summary>Images that could not be decoded, after a training those of both sets.</summary>
    public long Skipped { get; init; } = figures?.Skipped ?? 0;

    /// <summary>Seconds from the start of the command to this report.</summary>
    public double Seconds { get; } = Math.Round(seconds, 3);

    /// <summary>Figures of each class of the model.</summary>
    public IReadOnlyList<ClassFigures> Classes { get; } = figures?.Classes ?? [];
}
