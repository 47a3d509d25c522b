using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.ML.FewShot;
using MLExt.Training;

namespace MLExt.Commands.FewShot;

/// <summary><c>mlext few-shot train</c>: its options, and what is wrong with them.</summary>
internal sealed class FewShotTrainCommand
{
    /// <summary>Convolutions that a classifier has.</summary>
    private const int Convolutions = 4;

    private static readonly FewShotHyperTransformerTrainer.Options Defaults = new();

    private readonly Option<bool> _verbose;
    private readonly Option<string> _dataSet = CommonOptions.DataSet("Images of many classes to learn from, one folder a class.");
    private readonly Option<string> _output = new("--output") { HelpName = "FILE", Description = "The model file to write.", Required = true };
    private readonly Option<int?> _trainTime = new Option<int?>("--train-time")
    {
        HelpName = "SECONDS",
        Description = "How long the whole command may take; the training schedule is fitted to it.",
    }.AtLeast(1);

    private readonly Option<FewShotMethod?> _method = new Option<FewShotMethod?>("--method")
    {
        HelpName = "NAME",
        Description = $"What is trained: {FewShotMethodNames.Listed}. The default is {FewShotMethodNames.Of(Defaults.Method)}; the others are baselines.",
        CustomParser = FewShotMethodNames.Parse,
    }.Offering(FewShotMethodNames.All);

    private readonly Option<int?> _channels = new Option<int?>("--channels")
    {
        HelpName = "N",
        Description = $"Channels of the classifiers' convolutions. The default is {Defaults.Channels}.",
    }.AtLeast(1);

    private readonly Option<int?> _generate = new Option<int?>("--generate")
    {
        HelpName = "all|logits|N",
        Description = "Which layers are generated: all, the logits layer only, or it and the last N convolutions. The default is logits.",
        CustomParser = ParseGenerate,
    }.Offering("all", "logits");

    private readonly Option<int?> _imageSize = new Option<int?>("--image-size")
    {
        HelpName = "N",
        Description = $"Side in pixels of the square that every image is brought to. The default is {Defaults.ImageSize}.",
    }.AtLeast(1);

    private readonly Option<int?> _ways = new Option<int?>("--ways")
    {
        HelpName = "N",
        Description = $"The most classes that a classifier can have. The default is {Defaults.MaxWays}.",
    }.AtLeast(2);

    private readonly Option<int?> _shots = new Option<int?>("--shots")
    {
        HelpName = "N",
        Description = $"The most examples of a class in training; any number may be given later. The default is {Defaults.MaxShots}.",
    }.AtLeast(1);

    private readonly Option<float?> _strokeVariation = new("--stroke-variation")
    {
        HelpName = "P",
        Description = "The probability that a training image is drawn as with another pen, 0 to 1: for writing and drawings. The default is 0.",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        HelpName = "N",
        Description = "Seed of everything random: equal seeds give equal models on the CPU, unless --train-time is given.",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> _gpu = CommonOptions.Gpu();
    private readonly Option<string?> _checkpoint = CommonOptions.Checkpoint();
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly Option<string?> _report = CommonOptions.Report();

    /// <summary>Makes the command.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="stop">Asks the training to stop and keep the best model.</param>
    /// <param name="verbose">The option of the whole tool.</param>
    public FewShotTrainCommand(Terminal terminal, CancellationToken stop, Option<bool> verbose)
    {
        _verbose = verbose;
        Command = new Command("train", """
            Trains a generator of classifiers on many classes. Ctrl-C stops the training and keeps the best model so far.

            Example: mlext few-shot train --dataset letters.zip --output letters-generator.zip --train-time 1800 --channels 8
                     mlext few-shot train --dataset letters.zip --output letters-generator.zip --generate all --ways 10 --report letters.html
            """)
        {
            _dataSet, _output, _trainTime, _method, _channels, _generate, _imageSize, _ways, _shots, _strokeVariation, _seed, _gpu, _checkpoint, _report, _json,
            RankOptions.Local, RankOptions.Limit,
        };
        Command.Validators.Add(result =>
        {
            if (result.GetResult(_generate) is not null && result.GetResult(_method) is { Errors: var errors } && !errors.Any()
                && result.GetValue(_method) is { } method && method != FewShotMethod.HyperTransformer)
            {
                result.AddError($"{_generate.Name} has no effect with {_method.Name} {FewShotMethodNames.Of(method)}; it is for {FewShotMethodNames.Of(FewShotMethod.HyperTransformer)}.");
            }
        });
        Command.SetAction(parsed => new FewShotTraining(terminal, Arguments(parsed), stop).Run());
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private FewShotTrainArguments Arguments(ParseResult parsed) => new()
    {
        DataSet = parsed.GetRequiredValue(_dataSet),
        ModelFile = parsed.GetRequiredValue(_output),
        TrainTime = parsed.GetValue(_trainTime),
        Method = parsed.GetValue(_method),
        Channels = parsed.GetValue(_channels),
        Generated = parsed.GetValue(_generate),
        ImageSize = parsed.GetValue(_imageSize),
        Ways = parsed.GetValue(_ways),
        Shots = parsed.GetValue(_shots),
        StrokeVariation = parsed.GetValue(_strokeVariation),
        Seed = parsed.GetValue(_seed),
        Gpu = parsed.GetValue(_gpu),
        Checkpoint = parsed.GetValue(_checkpoint),
        Ranks = RankOptions.Of(parsed),
        Report = parsed.GetValue(_report),
        Json = parsed.GetValue(_json),
        IsVerbose = parsed.GetValue(_verbose),
    };

    private static int? ParseGenerate(ArgumentResult result)
    {
        var value = result.Tokens.Single().Value;
        switch (value)
        {
            case "all":
                return Convolutions;
            case "logits":
                return 0;
            case var _ when int.TryParse(value, CultureInfo.InvariantCulture, out var count) && count is >= 0 and <= Convolutions:
                return count;
            default:
                result.AddError($"--generate must be all, logits or a number of convolutions from 0 to {Convolutions}; it is '{value}'.");
                return null;
        }
    }
}
