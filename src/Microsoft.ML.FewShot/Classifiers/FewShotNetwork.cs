using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>
/// What makes classifiers of support sets: a trained model in evaluation mode, which never changes. It is shared, and lives until the last of those who
/// share it has disposed of it.
/// </summary>
internal sealed class FewShotNetwork : IDisposable
{
    private readonly Lifetime _lifetime;

    /// <param name="model">A <see cref="HyperTransformerModel"/>, a <see cref="MetaLearner"/> or an <see cref="EmbeddingModel"/>; moved to the device.</param>
    /// <param name="method">How the model was trained to be used.</param>
    /// <param name="scale">How pixels become numbers; null for vectors.</param>
    /// <param name="device">Where to work.</param>
    /// <param name="spread">See <see cref="Spread"/>.</param>
    public FewShotNetwork(nn.Module model, FewShotMethod method, ImageNormalization? scale, Device device, IReadOnlyList<float>? spread = null)
    {
        (Model, Method, Scale, Device, Spread) = (model, method, scale, device, spread);
        _lifetime = new Lifetime(model.Dispose, "FewShotHyperTransformer");
        model.to(device);
        model.eval();
    }

    public nn.Module Model { get; }

    public FewShotMethod Method { get; }

    public ImageNormalization? Scale { get; }

    public Device Device { get; }

    /// <summary>How far samples are from their class in other tasks, for a <see cref="RejectionRule"/>; null where that was not measured.</summary>
    public IReadOnlyList<float>? Spread { get; private set; }

    public FewShotShape Shape => Model switch
    {
        MetaLearner learner => learner.Shape,
        EmbeddingModel embedding => embedding.Shape,
        _ => ((HyperTransformerModel)Model).Shape,
    };

    public Backbone Backbone => Model switch
    {
        MetaLearner learner => learner.Backbone,
        EmbeddingModel embedding => embedding.Backbone,
        _ => ((HyperTransformerModel)Model).Backbone,
    };

    /// <summary>What a row is.</summary>
    public ExampleShape Example => Shape.IsImages ? ExampleShape.Images(Shape.Colors, Shape.ImageSize) : ExampleShape.Vectors(Shape.FeatureLength);

    /// <summary>This for vectors of a length, where it takes any; otherwise this, without one more owner.</summary>
    public FewShotNetwork For(int length) => !Shape.IsAnyLength ? this : new FewShotNetwork(new EmbeddingModel(EmbeddingModel.Vectors(length)), Method, null, Device, Spread);

    /// <summary>This for what its embedding gives, where that is the same for all tasks and takes long; null where it is not. The taker disposes it.</summary>
    public FewShotNetwork? Embedded() =>
        Model is EmbeddingModel { Shape.IsImages: true } model ? new FewShotNetwork(model.OfEmbeddings(), Method, null, Device, Spread) : null;

    /// <summary>One more owner.</summary>
    /// <exception cref="ObjectDisposedException">The last one has disposed of it.</exception>
    public FewShotNetwork Share()
    {
        _lifetime.Hold();
        return this;
    }

    /// <summary>One owner less.</summary>
    public void Dispose() => _lifetime.Release();

    /// <summary>Whether a method can be used with this model.</summary>
    /// <returns>Why not; null where it can.</returns>
    public string? WhyNot(FewShotMethod method) =>
        method == Method ? null
        : !Enum.IsDefined(method) ? $"Method must be one of {string.Join(", ", Enum.GetNames<FewShotMethod>())}; it is {method}."
        : Model is MetaLearner ? $"The method {method} cannot be used with a model that was trained with {Method}; only {Method} can."
        : MetaLearner.Is(method) || method == FewShotMethod.HyperTransformer ? $"The method {method} cannot be used with a model that was trained with {Method}: its weights have to be trained."
        : !Shape.AddLearnedWeights && Shape.GeneratedLayers > 0 ? $"The method {method} needs an embedding that is the same for all tasks; this model generates it for each."
        : null;

    /// <summary>Makes the classifier of a task.</summary>
    /// <param name="support">The samples.</param>
    /// <param name="method">One that <see cref="WhyNot"/> has nothing against.</param>
    /// <param name="falseRejectionRate">The share of samples of the classes that it may take for none of them; null where it rejects nothing.</param>
    /// <exception cref="InvalidOperationException">Nothing says how far off a sample of a class may be; its weights are no numbers; or the machine has too little memory.</exception>
    public TargetNetwork Adapt(SupportSet support, FewShotMethod method, double? falseRejectionRate = null)
    {
        using var mine = Share();
        FewShotMemory.CheckSupport(Shape, support.Samples.Count, Device);
        using var mode = new TorchMode(gradients: false);
        using var scope = NewDisposeScope();
        using var network = Inductive();
        var (samples, candidates) = (support.ToTensor(Scale, Device), support.Candidates(Device));
        using var solver = network.Solver(method, isTransductive: false);
        var target = solver.Solve(samples, candidates).Extract(0);
        try
        {
            FiniteNumbers.Check(target.state_dict().Values, "The weights of the classifier");
            if (falseRejectionRate is { } rate)
            {
                Reject(target, samples[0], candidates[0], rate);
            }
        }
        catch
        {
            target.Dispose();
            throw;
        }

        return target;
    }

    /// <summary>Lets a classifier of this model reject samples that are of none of its classes.</summary>
    /// <param name="target">The classifier; moved to the device.</param>
    /// <param name="support">Its support set, [N, ...].</param>
    /// <param name="candidates">[N, W].</param>
    /// <param name="falseRejectionRate">As for <see cref="Adapt"/>.</param>
    /// <exception cref="InvalidOperationException">Nothing says how far off a sample of a class may be.</exception>
    public void Reject(TargetNetwork target, Tensor support, Tensor candidates, double falseRejectionRate)
    {
        using var mode = no_grad();
        using var embeddings = Embed(target, support);
        var rule = RejectionRule.Fit(embeddings, candidates, falseRejectionRate, Spread) ?? throw new InvalidOperationException(
            "RejectUnknown needs a class with at least 2 examples here: nothing is known of how far examples are from their class with this model.");
        rule.to(Device);
        target.Reject(rule, Backbone.Map, Origin);
    }

    /// <summary>Samples [M, ...] as a <see cref="RejectionRule"/> compares them, in the layers of a classifier of this model; moves it to the device.</summary>
    public Tensor Embed(TargetNetwork target, Tensor samples)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        target.to(Device);
        // The own embedding remembers photographs.
        return (Backbone.Embedding is { } own ? RejectionRule.Directions(own.call(samples), Origin!) : target.Embed(samples, Backbone.Map, Origin)).MoveToOuterDisposeScope();
    }

    /// <summary>Measures <see cref="Spread"/> on classes that the model has not learned from.</summary>
    /// <param name="pool">The classes; nothing is measured where fewer than two have two examples.</param>
    /// <param name="seed">Draws the tasks.</param>
    public void MeasureSpread(ExamplePool pool, int seed)
    {
        using var network = Inductive();
        Spread = KnownSpread.Measure(network, pool, seed);
    }

    /// <summary>What solves tasks with this model. The taker disposes it, and the model must live as long.</summary>
    /// <param name="method">One that <see cref="WhyNot"/> has nothing against.</param>
    /// <param name="isTransductive">Whether a model that adapts by gradient steps normalises queries with their own statistics; of others <see cref="With"/> makes a copy that does.</param>
    public ITaskSolver Solver(FewShotMethod method, bool isTransductive) => Model switch
    {
        MetaLearner learner => new MetaLearnerSolver(learner, isTransductive),
        EmbeddingModel embedding when method != Method => EmbeddingSolver.Of(method, embedding.Backbone, EmbeddingModel.LogitScale, Device),
        EmbeddingModel { Shape: { IsImages: false, Embedding: not null } shape } => new SelectingSolver(shape.FeatureLength),
        EmbeddingModel embedding => new EmbeddingSolver(embedding.Backbone, embedding.Head.Copy(), FewShotNormalization.Running),
        HyperTransformerModel model when IsGenerator(method) => new GeneratorSolver(model),
        _ => EmbeddingSolver.Of(method, (HyperTransformerModel)Model),
    };

    /// <summary>A copy that gives the same answer whatever else is asked: a classifier of its own has no batch of queries, and then the support's statistics serve.</summary>
    public FewShotNetwork Inductive() => With(Shape.Normalization == FewShotNormalization.Query ? FewShotNormalization.Support : Shape.Normalization);

    /// <summary>A copy whose layers are normalised with other statistics. The taker disposes it.</summary>
    public FewShotNetwork With(FewShotNormalization normalization)
    {
        if (Model is not HyperTransformerModel model || !Shape.IsImages || Shape.Normalization == normalization)
        {
            return Share();
        }

        // The weights are the same for every normalisation; only what is done with them differs.
        var copy = new HyperTransformerModel(Shape with { Normalization = normalization }, seed: 0);
        copy.to(Device);
        using (no_grad())
        {
            foreach (var (mine, theirs) in ModuleWeights.Of(copy).Zip(ModuleWeights.Of(model)))
            {
                mine.Value.copy_(theirs.Value);
            }
        }

        return new FewShotNetwork(copy, Method, Scale, Device, Spread);
    }

    // Where photographs are seen from.
    private Tensor? Origin => (Model as EmbeddingModel)?.Head.Mean;

    // A model that was trained as class means is a generator without a correction, and knows its own scalars.
    private bool IsGenerator(FewShotMethod method) => method == Method && method is not (FewShotMethod.LogisticRegression or FewShotMethod.RidgeRegression);
}
