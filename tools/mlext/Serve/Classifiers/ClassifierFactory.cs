using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using MLExt.Models;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Classifiers;

/// <summary>The generators of the app. Its methods run on the <see cref="ModelThread"/>.</summary>
internal sealed class ClassifierFactory : IDisposable
{
    private readonly MLContext _context;
    private readonly Generators _generators;

    /// <summary>Loads the generators.</summary>
    /// <param name="context">The context to work in.</param>
    /// <param name="name">A model file, a name, or <see cref="HyperTransformerFile.Auto"/>.</param>
    /// <exception cref="CommandException">It is missing, no generator, or none for images.</exception>
    public ClassifierFactory(MLContext context, string name)
    {
        _context = context;
        _generators = new Generators(context, name);
        if (_generators.All.FirstOrDefault(one => one.ImageSize == 0) is { } other)
        {
            _generators.Dispose();
            throw new CommandException($"'{name}' generates classifiers of vectors of {other.FeatureLength} numbers, and none of images.");
        }

        Description = name == HyperTransformerFile.Auto ? new GeneratorAnswer(name, 0, 0, _generators.All.Max(one => one.MaxWays)) : Describe(_generators.All.Single());
    }

    /// <summary>What the generator is; with several, what holds for all of them.</summary>
    public GeneratorAnswer Description { get; }

    /// <summary>Generates a classifier.</summary>
    /// <param name="support">The images.</param>
    /// <param name="isRejecting">Whether it may take images for none of its classes.</param>
    /// <param name="id">What its address will end with; null for something new.</param>
    /// <exception cref="ProblemException">An image cannot be decoded.</exception>
    public StoredClassifier Create(SupportUpload support, bool isRejecting = false, string? id = null)
    {
        var (generated, generator) = Generate(support, isRejecting);
        try
        {
            using var file = new MemoryStream();
            generated.Save(file);
            var counts = support.Classes.ToDictionary(one => one.Name, StringComparer.Ordinal);
            var answer = new ClassifierAnswer(
                id ?? NewId.Make(), [.. generated.Classifier.Classes.Select(name => counts[name])], support.UnlabelledCount, Math.Round(generated.Elapsed.TotalMilliseconds, 3),
                file.Length, generator.Name, generator.ImageSize, generator.Colours, generated.Classifier.SharesEmbedding);
            return new StoredClassifier(answer, file.ToArray(), new ServedClassifier(_context, generated.Pipeline, generated.Schema));
        }
        catch
        {
            generated.Dispose();
            throw;
        }
    }

    /// <summary>Generates a classifier and lets it answer, so that the first request need not wait for everything that is done once.</summary>
    public void WarmUp()
    {
        // A PNG file of one pixel.
        var image = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        var support = new SupportUpload(new ServeLimits(), Description.MaxWays);
        support.Add("a", image);
        support.Add("b", image);
        using var classifier = Create(support);
        classifier.Served.Predict(image);
    }

    /// <inheritdoc/>
    public void Dispose() => _generators.Dispose();

    private GeneratorAnswer Describe(FewShotHyperTransformer generator) =>
        new(Path.GetFileName(_generators.NameOf(generator)), generator.ImageSize, generator.IsColor ? 3 : 1, generator.MaxWays);

    private (GeneratedClassifier Classifier, GeneratorAnswer Generator) Generate(SupportUpload support, bool isRejecting)
    {
        var isSkipping = false;
        _context.Log += Watch;
        try
        {
            var rows = support.ToDataView(_context);
            var generated = _generators.CreateClassifier(rows, falseRejectionRate: isRejecting ? new FewShotClassifierOptions().FalseRejectionRate : null);
            if (isSkipping)
            {
                generated.Dispose();
                throw Undecodable(support);
            }

            return (generated, Describe(generated.Generator));
        }
        catch (InvalidOperationException e)
        {
            throw isSkipping ? Undecodable(support) : ProblemException.BadRequest(e.Message);
        }
        finally
        {
            _context.Log -= Watch;
        }

        // Rows that cannot be decoded are left out with a warning.
        void Watch(object? sender, LoggingEventArgs message) => isSkipping |= message.Kind == ChannelMessageKind.Warning;
    }

    private static ProblemException Undecodable(SupportUpload support)
    {
        foreach (var (what, image) in support.Images)
        {
            if (EncodedImage.FindFault(image) is { } fault)
            {
                return ProblemException.BadRequest($"{what} cannot be decoded: {fault}.");
            }
        }

        return ProblemException.BadRequest("An image cannot be decoded.");
    }
}
