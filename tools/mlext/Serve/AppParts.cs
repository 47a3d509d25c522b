using Microsoft.ML;
using MLExt.Models;
using MLExt.Serve.Classifiers;
using MLExt.Serve.DataSets;
using MLExt.Serve.Trainings;

namespace MLExt.Serve;

/// <summary>What the app works with. Owns it.</summary>
internal sealed class AppParts : IDisposable
{
    private AppParts(Terminal terminal, ServeSettings settings, MLContext context, ClassifierFactory factory, ServedModel? model, ModelThread models, WorkFolder work)
    {
        Terminal = terminal;
        Settings = settings;
        Context = context;
        Factory = factory;
        Model = model;
        Models = models;
        Work = work;
        Kept = new(settings.Limits.Classifiers, models);
        DataSets = new("data set", settings.Limits.DataSets, dataSet => dataSet.Id, dataSet => dataSet.Dispose());
        Trainings = new TrainingStore(models, settings.Limits.Trainings);
    }

    /// <summary>Where warnings and unexpected errors are shown.</summary>
    public Terminal Terminal { get; }

    /// <summary>How the app is run.</summary>
    public ServeSettings Settings { get; }

    /// <summary>The context of all models.</summary>
    public MLContext Context { get; }

    /// <summary>The thread that uses models.</summary>
    public ModelThread Models { get; }

    /// <summary>The generator.</summary>
    public ClassifierFactory Factory { get; }

    /// <summary>The classifiers of an app that is not in a cluster.</summary>
    public KeptClassifiers Kept { get; }

    /// <summary>The data sets that are kept.</summary>
    public Kept<DataSet> DataSets { get; }

    /// <summary>The trainings that are kept.</summary>
    public TrainingStore Trainings { get; }

    /// <summary>Where uploads and trained models lie.</summary>
    public WorkFolder Work { get; }

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
            return await models.Run(() => Load(terminal, settings, models), CancellationToken.None).ConfigureAwait(false);
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
        Trainings.Clear();
        Kept.Clear();
        DataSets.Clear();
        Models.Dispose(Factory);
        if (Model is not null)
        {
            Models.Dispose(Model);
        }

        Models.Dispose();
        Work.Dispose();
    }

    private static AppParts Load(Terminal terminal, ServeSettings settings, ModelThread models)
    {
        ServedModel? model = null;
        var work = new WorkFolder();
        try
        {
            var context = Session.Open(terminal, settings.IsVerbose, settings.Gpu, temporary: work.Path);
            model = settings.ModelFile is { } file ? new ServedModel(context, file) : null;
            return new AppParts(terminal, settings, context, new ClassifierFactory(context, settings.Generator), model, models, work);
        }
        catch
        {
            model?.Dispose();
            work.Dispose();
            throw;
        }
    }
}
