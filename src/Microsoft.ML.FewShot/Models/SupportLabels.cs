using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// What is known of the classes of support samples, read from their candidates [B, N, W]: 1 where a class is possible for a sample.
/// One candidate is a label; several are a partial label; all the task's classes are no label; none means that the sample is absent.
/// A class that is no sample's candidate is absent from its task.
/// </summary>
internal sealed class SupportLabels
{
    /// <summary>Reads the candidates.</summary>
    /// <param name="candidates">[B, N, W] of 0 and 1, floating point.</param>
    /// <param name="slotRows">The row of the label tables for each class slot, int64 [B, W]; null for 0 to W-1.</param>
    internal SupportLabels(Tensor candidates, Tensor? slotRows)
    {
        Candidates = candidates;
        SlotRows = slotRows;
        var count = candidates.sum(2, keepdim: true);                           // [B, N, 1]
        var type = candidates.dtype;
        Presence = count.Gt(0.5).to(type);
        Ways = candidates.sum(1).Gt(0.5).to(type);                              // [B, W]
        Shares = candidates.div(count.ClampMin(1));
        var several = count.Gt(1.5).to(type);
        var open = count.sub(Ways.sum(1, keepdim: true).unsqueeze(2)).Gt(-0.5).to(type);
        Unlabeled = several.mul(open);
        Labeled = candidates.mul(several.neg().Add(1));
    }

    /// <summary>The candidates as given, [B, N, W].</summary>
    internal Tensor Candidates { get; }

    /// <summary>1 where a sample has one candidate, which is this, [B, N, W].</summary>
    internal Tensor Labeled { get; }

    /// <summary>1 where every class of the task is a candidate, [B, N, 1].</summary>
    internal Tensor Unlabeled { get; }

    /// <summary>1 where there is a sample, [B, N, 1].</summary>
    internal Tensor Presence { get; }

    /// <summary>1 where there is a sample that at least one of the task's classes is excluded for, [B, N, 1].</summary>
    internal Tensor Informative => Presence.sub(Unlabeled);

    /// <summary>The candidates in equal shares that sum to 1, [B, N, W].</summary>
    internal Tensor Shares { get; }

    /// <summary>1 where a task has the class, [B, W].</summary>
    internal Tensor Ways { get; }

    /// <summary>The rows of the label tables, int64 [B, W]; null for 0 to W-1.</summary>
    internal Tensor? SlotRows { get; }

    /// <summary>The rows of <paramref name="table"/> [rows, d] that the class slots use, [B, W, d].</summary>
    internal Tensor SlotsOf(Tensor table)
    {
        var (B, W, d) = (Ways.size(0), Ways.size(1), table.size(1));
        return SlotRows is null
            ? table.narrow(0, 0, W).unsqueeze(0).expand(B, W, d)
            : table.index_select(0, SlotRows.reshape(-1)).view(B, W, d);
    }

    /// <summary>The code of every sample, [B, N, d]: the mean of its candidates' rows of <paramref name="table"/>, or the last row where nothing is known.</summary>
    internal Tensor CodesOf(Tensor table)
    {
        var known = Shares.mul(Unlabeled.neg().Add(1)).bmm(SlotsOf(table));
        return known.Add(Unlabeled.mul(table.narrow(0, table.size(0) - 1, 1)));
    }
}
