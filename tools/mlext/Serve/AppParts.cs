using Microsoft.ML;
using MLExt.Models;
using MLExt.Serve.Classifiers;

namespace MLExt.Serve;

/// <summary>What the app works with. Owns it.</summary>
internal sealed class AppParts : IDisposable
{
    private AppParts(ServeSettings settings, ClassifierFactory factory, ServedModel? model, ModelThread models)
    {
        Settings = settings;
        Factory = factory;
        Model = model;
        Models = models;
        Classifiers = new ClassifierStore(models, settings.Limits.Classifiers);
    }

    /// <summary>How the app is run.</summary>
    public ServeSettings Settings { get; }

    /// <summary>The thread that uses models.</summary>
    public ModelThread Models { get; }

    /// <summary>The generator.</summary>
    public ClassifierFactory Factory { get; }

    /// <summary>The classifiers that are kept.</summary>
    public ClassifierStore Classifiers { get; }

    /// <summary>The model of <c>POST /api/predict</c>, or null.</summary>
    public ServedModel? Model { get; }

    /// <summary>Loads the models.</summary>
    /// <param name="terminal">Told about warnings.</param>
    /// <param name="settings">How the app is run.</param>
    /// <exception cref="CommandException">A model cannot be loaded.</exception>
    public static async Task<AppParts> Load(Terminal terminal, ServeSettings settings)
    {
        var models = new ModelThread();
        try
        {
            return await models.Run(() => Load(Session.Open(terminal, settings.IsVerbose, settings.Gpu), settings, models), CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var classifier in Classifiers.All)
        {
            Models.Dispose(classifier);
        }

        Models.Dispose(Factory);
        if (Model is not null)
        {
            Models.Dispose(Model);
        }

        Models.Dispose();
    }

    private static AppParts Load(MLContext context, ServeSettings settings, ModelThread models)
    {
        var model = settings.ModelFile is { } file ? new ServedModel(context, file) : null;
        try
        {
            return new AppParts(settings, new ClassifierFactory(context, settings.Generator), model, models);
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }
}
