using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Turns a support set into weight slices: one token a sample, from its payload and the code of its label; one placeholder a slice;
/// an encoder; and what the placeholders have become. In the prototype design a token is the sum of a linear map of the payload and the
/// code, and a linear map that starts at 0 reads the slice. In the paper's design code and payload lie side by side,
/// [code | payload | 0], and the slice is a stretch of the output token.
/// </summary>
internal sealed class SliceGenerator : Module
{
    private readonly Parameter sample_codes;        // [MaxWays + 1, d], the last row for "no label"
    private readonly Parameter placeholders;        // [slices, d]
    private readonly Dense? sample_input, slot_input, output;
    private readonly SupportEncoder encoder;
    private readonly SliceGeneratorSizes _sizes;

    internal SliceGenerator(FewShotShape shape, SliceGeneratorSizes sizes, Random random)
        : base(nameof(SliceGenerator))
    {
        _sizes = sizes;
        bool isPaper = shape.Design == FewShotDesign.Paper;
        long codeWidth = isPaper ? shape.LabelWidth : shape.EncoderWidth;
        Width = isPaper ? shape.LabelWidth + Math.Max(sizes.Slice, sizes.Payload) : shape.EncoderWidth;
        sample_codes = Parameters.Normal(random, 1, shape.MaxWays + 1, codeWidth);
        placeholders = Parameters.Normal(random, 1, sizes.Slices, codeWidth);
        if (!isPaper)
        {
            sample_input = Dense.Xavier(random, sizes.Payload, Width);
            slot_input = sizes.SlotPayload > 0 ? Dense.Xavier(random, sizes.SlotPayload, Width) : null;
            output = Dense.ZeroHead(Width, sizes.Slice);
        }

        long inner = isPaper ? (Width + shape.EncoderHeads - 1) / shape.EncoderHeads * shape.EncoderHeads : Width;
        var norms = shape.PreNorm ? NormPlace.Before : NormPlace.After;
        encoder = new SupportEncoder(new EncoderShape(Width, inner, isPaper ? inner : 2 * Width, shape.EncoderHeads, shape.EncoderLayers, norms), random);
        RegisterComponents();
    }

    /// <summary>The token width.</summary>
    internal long Width { get; }

    /// <summary>Generates the slices.</summary>
    /// <param name="payload">What each sample looks like, [B, N, payload].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    /// <param name="slots">What each class slot looks like, [B, W, slot payload], where there is one slice a class; otherwise null.</param>
    /// <returns>[B, slices, slice]; one slice for each of the task's W class slots, where they are a class each.</returns>
    internal Tensor Generate(Tensor payload, SupportLabels labels, Tensor? slots)
    {
        using var scope = NewDisposeScope();
        var (B, N, _) = payload.Dims3("payload");
        var codes = labels.CodesOf(sample_codes);                                               // [B, N, d]
        var places = _sizes.IsSlicePerClass
            ? labels.SlotsOf(placeholders)
            : placeholders.unsqueeze(0).expand(B, placeholders.size(0), placeholders.size(1));
        long J = places.size(1);
        var placePresence = _sizes.IsSlicePerClass ? labels.Ways : ones([B, J], payload.dtype, payload.device);
        var tokens = sample_input is null
            ? cat([Padded(places), Padded(cat([codes, payload], 2))], 1)
            : cat([slot_input is null || slots is null ? places : places.Add(slot_input.call(slots)), sample_input.call(payload).Add(codes)], 1);
        var encoded = encoder.Encode(tokens, cat([placePresence, labels.Presence.view(B, N)], 1), J);
        var slices = output is null ? encoded.narrow(2, Width - Math.Max(_sizes.Slice, _sizes.Payload), _sizes.Slice) : output.call(encoded);
        return slices.MoveToOuterDisposeScope();
    }

    private Tensor Padded(Tensor tokens) => functional.pad(tokens, [0, Width - tokens.size(2)]);
}

/// <summary>The sizes of a <see cref="SliceGenerator"/>.</summary>
/// <param name="Payload">The numbers that describe a sample.</param>
/// <param name="SlotPayload">The numbers that describe a class slot; 0 for none.</param>
/// <param name="Slices">The placeholders: the slices, or the most classes a task may have.</param>
/// <param name="Slice">The numbers of a slice.</param>
/// <param name="IsSlicePerClass">Whether each class slot has a slice of its own; otherwise there are always <paramref name="Slices"/>.</param>
internal sealed record SliceGeneratorSizes(long Payload, long SlotPayload, long Slices, long Slice, bool IsSlicePerClass);
