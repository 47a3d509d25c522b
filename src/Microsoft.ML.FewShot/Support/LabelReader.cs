using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>Reads what support rows say about their classes. For one pass.</summary>
internal abstract class LabelReader
{
    /// <summary>The columns that are read.</summary>
    public abstract IReadOnlyList<DataViewSchema.Column> Sources { get; }

    /// <summary>Makes a function that gives the classes of the present row: one for a label, several for candidates, none where neither is there.</summary>
    public abstract Func<int[]> Open(DataViewRow row);

    /// <summary>All classes, after the last row was read, and what their numbers have become; null where they are as they were read.</summary>
    public abstract (ClassLabels Labels, int[]? Numbers) Finish();
}
