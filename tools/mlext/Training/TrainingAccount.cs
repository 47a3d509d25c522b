using System.Globalization;
using Microsoft.ML.TTT;
using MLExt.CodeGeneration;
using MLExt.Commands;
using MLExt.Models;
using MLExt.Reports.Html;

namespace MLExt.Training;

/// <summary>What a training was and what came of it, as its report and the code generated for it tell.</summary>
internal sealed record TrainingAccount
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The data set that was trained on, as the user knows it.</summary>
    public required string DataSet { get; init; }

    /// <summary>The data set that was measured on; null where images were held back.</summary>
    public string? ValidationDataSet { get; init; }

    /// <summary>The images.</summary>
    public required ImageTrainingData Data { get; init; }

    /// <summary>How it was trained.</summary>
    public required ImageTrainingSettings Settings { get; init; }

    /// <summary>What the training reported.</summary>
    public required TrainingJournal Journal { get; init; }

    /// <summary>Whether it was stopped by hand.</summary>
    public required bool IsStopped { get; init; }

    /// <summary>Time from the beginning to the model and its measures.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The answers for the validation images; null where there are none.</summary>
    public required ImageEvaluation? Evaluation { get; init; }

    /// <summary>The pretrained network under the model.</summary>
    public required ImageBackbone Backbone { get; init; }

    /// <summary>The HTML report.</summary>
    /// <param name="model">The model, which explains its worst answers.</param>
    public ClassifierReport ToReport(LoadedModel model) => new()
    {
        Title = $"{Name}: training",
        Subtitle = ValidationDataSet is null ? "Measured on images of the data set that training did not see." : "Measured on the validation data set, which training did not learn from.",
        Curve = Journal.Curve,
        Evaluation = Evaluation,
        Images = Data.Validation,
        Overlay = model.Overlay,
        Facts = [DataFacts(), OptionFacts(), RunFacts()],
    };

    /// <summary>What code generated for the model is about.</summary>
    /// <param name="space">The namespace of the code.</param>
    public CodeSubject ToCode(string space = CodeSubject.UsualNamespace) => new()
    {
        Name = Name,
        Namespace = space,
        ModelFile = $"{Name}.zip",
        ImageFolder = ImageFolder.Of(DataSet, Data.Training),
        Settings = Settings with { Backbone = Backbone },
        MicroAccuracy = Evaluation?.Figures.MicroAccuracy,
        Seconds = Elapsed.TotalSeconds,
    };

    private Facts DataFacts() => new("Data",
    [
        ("Data set", DataSet),
        ("Classes", Number(Data.Training.Classes.Count)),
        ("Images trained on", Number(Data.Training.Count)),
        ("Validation data set", ValidationDataSet ?? "images held back"),
        ("Images measured on", Number(Data.Validation.Count)),
        ("Images left out because they could not be decoded", Number(Journal.Now.Skipped ?? 0)),
    ]);

    private Facts OptionFacts() => new("Options",
    [
        ("Backbone", EnumNames.Backbones.Of(Backbone)),
        ("Token mixer", Settings.TokenMixer is { } mixer ? MixerNames.Of(mixer) : "the standard architecture's"),
        ("Image size", Settings.ImageSize is { } size ? $"{Number(size)} pixels" : Backbone == ImageBackbone.None ? "follows the images" : "the backbone's"),
        ("Training time", Settings.TrainTime is { } time ? $"{Number(time.TotalSeconds)} seconds" : null),
        ("Epochs", Settings.TrainTime is not null ? "as the time allows" : Settings.Epochs is { } epochs ? Number(epochs) : "the trainer's default"),
        ("False rejections asked for", Settings.FalseRejectionRate is { } rate ? Number(rate) : null),
        ("Seed", Number(Settings.Seed)),
        ("Device", Session.Device(Settings.Gpu)),
    ]);

    private Facts RunFacts() => new("Run",
    [
        ("Epochs begun", Number(Journal.Now.Epoch)),
        ("Seconds", Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)),
        ("Stopped by hand", IsStopped ? "yes, the best model so far was kept" : "no"),
    ]);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
