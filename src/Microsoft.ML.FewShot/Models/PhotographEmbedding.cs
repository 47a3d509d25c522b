using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Photographs [M, 3, S, S], 0 to 255, → embeddings [M, F] by ML.NET's ResNet-18. Each is seen as it is, and smaller and mirrored; of each view the mean over the
/// places of the last stage counts, as square roots and as a unit vector, once of the stage as it is and once as <see cref="StageCorrection"/> has it. On a
/// processor the bits of one do not depend on the others of its batch.
/// </summary>
internal sealed class PhotographEmbedding : Module<Tensor, Tensor>
{
    /// <summary>Keeps the slope of square roots finite.</summary>
    internal const double Tiny = 1e-4;

    /// <summary>The length below which a vector is not brought to length 1.</summary>
    internal const double Shortest = 1e-12;

    private const int Chunk = 8;

    // Midpoints of the integral.
    private const int PathSteps = 24;

    private readonly StageCorrection correction;
    private readonly SharedBackbone _backbone;
    private readonly EmbeddingCache? _cache;
    private bool _isDisposed;

    /// <summary>With a correction that corrects nothing yet.</summary>
    /// <exception cref="FileNotFoundException">The network is not beside the app.</exception>
    /// <exception cref="FormatException">What is beside the app is another one.</exception>
    internal PhotographEmbedding(int rank)
        : this(new StageCorrection(rank, new Random(0)), new SharedBackbone(), new EmbeddingCache())
    {
    }

    private PhotographEmbedding(StageCorrection correction, SharedBackbone backbone, EmbeddingCache? cache)
        : base(nameof(PhotographEmbedding))
    {
        (this.correction, _backbone, _cache) = (correction, backbone, cache);
        RegisterComponents();
    }

    /// <summary>The correction.</summary>
    internal StageCorrection Correction => correction;

    /// <summary>The stages below the last.</summary>
    internal ResNet18 Trunk => _backbone.Trunk;

    /// <summary>The last stage as it is.</summary>
    internal ResNetStages LastStage => _backbone.Tail;

    /// <summary>The side of the smaller view.</summary>
    internal static int SmallSide(int side) => side * 5 / 7;

    /// <summary>Another one with the same weights, for queries: those of the backbone are shared, the correction is a copy, and nothing is remembered.</summary>
    internal PhotographEmbedding Copy(int rank)
    {
        using var mode = no_grad();
        var copy = new StageCorrection(rank, new Random(0));
        foreach (var (mine, theirs) in copy.parameters().Zip(correction.parameters()))
        {
            mine.copy_(theirs);
        }

        return new PhotographEmbedding(copy, _backbone.Share(), cache: null);
    }

    public override Tensor forward(Tensor photographs)
    {
        using var scope = NewDisposeScope();
        _backbone.MoveTo(photographs.device);
        var cache = is_grad_enabled() ? null : _cache;
        return (cache is null ? Embed(photographs) : cache.Get(photographs, Embed)).MoveToOuterDisposeScope();
    }

    /// <summary>Features of a stage as a part of an embedding: [B, C, G, G] → unit vectors [B, C].</summary>
    internal static Tensor Pool(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return Rooted(maps.mean([2, 3])).MoveToOuterDisposeScope();
    }

    private static Tensor Rooted(Tensor means) => Unit(means.Add(Tiny).sqrt());

    /// <summary>Both parts as one, of parts of length 1 one of length 1: [B, C], [B, C] → [B, 2 C].</summary>
    internal static Tensor Join(Tensor plain, Tensor corrected) => cat([plain, corrected], 1).Mul(Math.Sqrt(0.5));

    /// <summary>Rows of length 1: [M, F] → [M, F]; rows of zeros stay.</summary>
    internal static Tensor Unit(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return rows.div(rows.Square().sum(1, keepdim: true).sqrt().ClampMin(Shortest)).MoveToOuterDisposeScope();
    }

    /// <summary>The side G of the last stage's grid for photographs of a side.</summary>
    internal static int GridSide(int side) => ResNet18.GridSide(side, ResNet18.Stages);

    /// <summary>
    /// What each place adds to a linear function of the embedding, compared with the mean photograph: [M, 3, S, S], [F] → [M, G, G]. Integrated gradients
    /// (arXiv 1703.01365) over the means of the channels say what each channel adds, and a place has the share of it that it has in the change of that mean. The
    /// smaller view's places are laid over those of the other. The numbers add up to the difference between the two photographs: what the steps miss of it is spread evenly.
    /// </summary>
    internal Tensor Contributions(Tensor photographs, Tensor direction)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        _backbone.MoveTo(photographs.device);
        var (_, _, height, width) = photographs.Dims4();
        var average = Trunk.MeanFor(height, width);
        var grid = GridSide((int)width);
        return stack(photographs.unbind(0).Select(photograph =>
        {
            var (whole, small) = Views(cat([photograph.unsqueeze(0), average]));
            return Share(whole, direction, grid).Add(Share(small, direction, grid).flip([1])).Mul(0.5);
        })).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _backbone.Dispose();
        }

        base.Dispose(disposing);
    }

    // [M, 3, S, S] → [M, F], some at a time.
    private Tensor Embed(Tensor photographs)
    {
        using var scope = NewDisposeScope();
        return cat([.. photographs.split(Chunk).Select(EmbedChunk)]).MoveToOuterDisposeScope();
    }

    private Tensor EmbedChunk(Tensor photographs)
    {
        using var scope = NewDisposeScope();
        var (whole, small) = Views(photographs);
        return Parts(whole).Add(Parts(small)).Mul(0.5).MoveToOuterDisposeScope();
    }

    // As they are, and smaller and mirrored.
    private static (Tensor Whole, Tensor Small) Views(Tensor photographs)
    {
        var side = SmallSide((int)photographs.size(2));
        return (photographs, functional.interpolate(photographs, [side, side], mode: InterpolationMode.Bilinear, align_corners: false).flip([3]));
    }

    // What the places of a view of a photograph add to it, compared with the view of another one after it: [2, 3, S, S], [F] → [grid, grid].
    private Tensor Share(Tensor views, Tensor direction, int grid)
    {
        using var scope = NewDisposeScope();
        var (plain, corrected) = correction.Both(LastStage, Trunk.call(views));
        var (maps, others) = (stack([plain[0], corrected[0]]), stack([plain[1], corrected[1]]));      // [2, C, G, G]
        var change = maps.sub(others);
        var (means, way) = (others.mean([2, 3]), change.mean([2, 3]));                                // [2, C]
        var steps = TensorArithmetic.Arange(PathSteps).to(float32).Add(0.5).Div(PathSteps).view(-1, 1, 1).to(maps.device);
        using var gradients = enable_grad();
        var at = means.Add(steps.mul(way)).detach().requires_grad_();                                 // [T, 2, C]
        var slopes = autograd.grad([Value(at).sum()], [at])[0].mean([0]).detach();                    // [2, C]
        using var none = no_grad();
        var places = slopes.unsqueeze(2).unsqueeze(3).mul(change).sum([0, 1]).Div(change.size(2) * change.size(3));      // [G, G]
        var whole = Value(means.Add(way).unsqueeze(0)).sub(Value(means.unsqueeze(0)));
        places = places.Add(whole.sub(places.sum()).Div(places.numel()));
        var cells = Overlaps((int)places.size(0), grid).to(maps.device);
        return cells.matmul(places).matmul(cells.t()).MoveToOuterDisposeScope();

        // [T, 2, C] → [T].
        Tensor Value(Tensor pooled) => Join(Rooted(pooled.select(1, 0)), Rooted(pooled.select(1, 1))).matmul(direction);
    }

    // The part of each of some cells side by side that lies in each of others: [to, count]; columns add up to 1.
    private static Tensor Overlaps(int count, int to) => tensor(
        (from i in Enumerable.Range(0, to)
         from j in Enumerable.Range(0, count)
         select (float)(count * Math.Max(0, Math.Min((i + 1.0) / to, (j + 1.0) / count) - Math.Max((double)i / to, (double)j / count)))).ToArray(), [to, count]);

    // A view of each, [B, 3, S, S] → [B, F].
    private Tensor Parts(Tensor views)
    {
        using var scope = NewDisposeScope();
        var (plain, corrected) = correction.Both(LastStage, Trunk.call(views));
        return Join(Pool(plain), Pool(corrected)).MoveToOuterDisposeScope();
    }

    // ML.NET's network in two parts, for all who share it; the last of them disposes of it.
    private sealed class SharedBackbone : IDisposable
    {
        private readonly Lifetime _lifetime;
        private DeviceType _type = DeviceType.CPU;

        public SharedBackbone()
        {
            (Trunk, var tail) = ResNet18File.Load(ResNet18.Stages - 1);
            Tail = tail!;
            Tail.Freeze();
            _lifetime = new Lifetime(Free, "ResNet18");
        }

        public ResNet18 Trunk { get; }

        public ResNetStages Tail { get; }

        public SharedBackbone Share()
        {
            _lifetime.Hold();
            return this;
        }

        public void MoveTo(Device device)
        {
            if (_type != device.type)
            {
                Trunk.to(device);
                Tail.to(device);
                _type = device.type;
            }
        }

        public void Dispose() => _lifetime.Release();

        private void Free()
        {
            Trunk.Dispose();
            Tail.Dispose();
        }
    }
}
