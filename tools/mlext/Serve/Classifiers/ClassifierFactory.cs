using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using MLExt.Models;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Classifiers;

/// <summary>The generator of the app. Its methods run on the <see cref="ModelThread"/>.</summary>
internal sealed class ClassifierFactory : IDisposable
{
    private readonly MLContext _context;
    private readonly FewShotHyperTransformer _generator;

    /// <summary>Loads the generator.</summary>
    /// <param name="context">The context to work in.</param>
    /// <param name="name">A model file, or <see cref="HyperTransformerFile.Pretrained"/>.</param>
    /// <exception cref="CommandException">It is missing, no generator, or none for images.</exception>
    public ClassifierFactory(MLContext context, string name)
    {
        _context = context;
        _generator = HyperTransformerFile.Load(context, name);
        if (_generator.ImageSize == 0)
        {
            _generator.Dispose();
            throw new CommandException($"'{name}' generates classifiers of vectors of {_generator.FeatureLength} numbers, and none of images.");
        }

        Description = new GeneratorAnswer(
            name == HyperTransformerFile.Pretrained ? name : Path.GetFileName(name), _generator.ImageSize, _generator.IsColor ? 3 : 1, _generator.MaxWays);
    }

    /// <summary>What the generator is.</summary>
    public GeneratorAnswer Description { get; }

    /// <summary>Generates a classifier.</summary>
    /// <param name="support">The images.</param>
    /// <param name="isRejecting">Whether it may take images for none of its classes.</param>
    /// <param name="id">What its address will end with; null for something new.</param>
    /// <exception cref="ProblemException">An image cannot be decoded.</exception>
    public StoredClassifier Create(SupportUpload support, bool isRejecting = false, string? id = null)
    {
        var generated = Generate(support, isRejecting);
        try
        {
            using var file = new MemoryStream();
            generated.Save(file);
            return new StoredClassifier(_context, id ?? NewId.Make(), generated, file.ToArray(), support.Classes, support.UnlabelledCount, Description);
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
        classifier.Predict(image);
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();

    private GeneratedClassifier Generate(SupportUpload support, bool isRejecting)
    {
        var isSkipping = false;
        _context.Log += Watch;
        try
        {
            var generated = GeneratedClassifier.Create(_context, _generator, support.ToDataView(_context),
                falseRejectionRate: isRejecting ? new FewShotClassifierOptions().FalseRejectionRate : null);
            if (isSkipping)
            {
                generated.Dispose();
                throw Undecodable(support);
            }

            return generated;
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
