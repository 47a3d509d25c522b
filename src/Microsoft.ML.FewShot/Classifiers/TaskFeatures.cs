using System.Runtime.InteropServices;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>The features of a row with the number of its task before them.</summary>
/// <param name="features">The features.</param>
/// <param name="group">The column that tells tasks apart; null where all rows belong to one.</param>
/// <param name="tasks">The tasks; null where nothing is going to be read.</param>
internal sealed class TaskFeatures(IFeatureColumn features, GroupColumn? group, TaskClassifiers? tasks) : IFeatureColumn
{
    /// <summary>The bytes of the number.</summary>
    public const int NumberBytes = sizeof(int);

    public DataViewSchema.Column Column => features.Column;

    public IReadOnlyList<DataViewSchema.Column> Sources => group is null ? features.Sources : [.. features.Sources, group.Column];

    public string Noun => features.Noun;

    public int RowBytes => NumberBytes + features.RowBytes;

    public FeatureReader CreateReader(DataViewRow row)
    {
        var (readFeatures, readGroup) = (features.CreateReader(row), group?.Open(row));
        return target =>
        {
            if ((readGroup is null ? "" : readGroup()) is not { } task)
            {
                return "its group is missing";
            }

            var number = tasks!.NumberOf(task);
            MemoryMarshal.Write(target, in number);
            return readFeatures(target[NumberBytes..]);
        };
    }
}
