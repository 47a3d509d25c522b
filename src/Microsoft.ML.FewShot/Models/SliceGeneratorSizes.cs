namespace Microsoft.ML.FewShot.Models;

/// <summary>The sizes of a <see cref="SliceGenerator"/>.</summary>
/// <param name="Payload">The numbers that describe a sample.</param>
/// <param name="SlotPayload">The numbers that describe a class slot; 0 for none.</param>
/// <param name="Slices">The placeholders: the slices, or the most classes a task may have.</param>
/// <param name="Slice">The numbers of a slice.</param>
/// <param name="IsSlicePerClass">Whether each class slot has a slice of its own; otherwise there are always <paramref name="Slices"/>.</param>
internal sealed record SliceGeneratorSizes(long Payload, long SlotPayload, long Slices, long Slice, bool IsSlicePerClass);
