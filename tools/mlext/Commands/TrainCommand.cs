using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.TTT;
using MLExt.CodeGeneration;
using MLExt.Training;

namespace MLExt.Commands;

/// <summary><c>mlext image-classification</c>: its options, and what is wrong with them.</summary>
internal sealed class TrainCommand
{
    private readonly Option<bool> _verbose;
    private readonly Option<string> _dataSet = CommonOptions.DataSet("Images to train on, one folder a class.");
    private readonly Option<string?> _validation = new("--validation-dataset")
    {
        HelpName = "DIR|ZIP",
        Description = "Images to validate and measure on. Without it a tenth of each class is held back, of large data sets less.",
    };

    private readonly Option<int?> _trainTime = new Option<int?>("--train-time")
    {
        HelpName = "SECONDS",
        Description = "How long the whole command may take; the training schedule is fitted to it. Instead of --epochs.",
    }.AtLeast(1);

    private readonly Option<int?> _epochs = new Option<int?>("--epochs")
    {
        HelpName = "N",
        Description = $"Passes over the images. The default is {new TTTImageClassificationTrainer.Options().Epoch}.",
    }.AtLeast(1);

    private readonly Option<TokenMixer?> _mixer = new Option<TokenMixer?>("--token-mixer")
    {
        HelpName = "NAME",
        Description = $"What mixes the tokens: {MixerNames.Listed}. The default is the mixture of the standard architecture.",
        CustomParser = MixerNames.Parse,
    }.Offering(MixerNames.All);

    private readonly Option<ImageBackbone> _backbone = new Option<ImageBackbone>("--backbone")
    {
        HelpName = "NAME",
        Description = $"Pretrained network under the model: {EnumNames.Backbones.Listed}. auto takes resnet18 for photographs: pictures in color of at least 64 pixels.",
        DefaultValueFactory = _ => ImageBackbone.Auto,
        CustomParser = EnumNames.Backbones.Parse,
    }.Offering(EnumNames.Backbones.All);

    private readonly Option<int?> _imageSize = new Option<int?>("--image-size")
    {
        HelpName = "N",
        Description = "Side in pixels of the square that every image is brought to. A multiple of 8, with a backbone of 32 and at least 64. The default follows the images, 32 to 96; with a backbone it is 256.",
    }.AtLeast(1);

    private readonly Option<bool> _reject = CommonOptions.RejectUnknown();
    private readonly Option<double?> _rejections = CommonOptions.FalseRejectionRate();
    private readonly Option<int> _seed = new("--seed")
    {
        HelpName = "N",
        Description = "Seed of everything random: equal seeds give equal models on the CPU, unless --train-time is given.",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> _gpu = CommonOptions.Gpu();
    private readonly Option<string?> _checkpoint = CommonOptions.Checkpoint();
    private readonly Option<string> _output = new("--output")
    {
        HelpName = "DIR",
        Description = "Folder to write the model to.",
        DefaultValueFactory = _ => "output",
    };

    private readonly Option<string> _name = new("--name")
    {
        HelpName = "NAME",
        Description = "Name of the model; the file is DIR/NAME.zip.",
        DefaultValueFactory = _ => "model",
    };

    private readonly Option<string?> _codegen = new("--codegen")
    {
        HelpName = "NAMESPACE",
        Description = $"Also write C# that uses and retrains the model, as Model Builder does. The namespace is {CodeSubject.UsualNamespace} unless one is given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly Option<string?> _report = CommonOptions.Report();

    /// <summary>Makes the command.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="stop">Asks the training to stop and keep the best model.</param>
    /// <param name="verbose">The option of the whole tool.</param>
    public TrainCommand(Terminal terminal, CancellationToken stop, Option<bool> verbose)
    {
        _verbose = verbose;
        _name.Validators.Add(CheckName);
        _codegen.Validators.Add(CheckNamespace);
        Command = new Command("image-classification", """
            Trains an image classifier and writes it as an ML.NET model. Ctrl-C stops the training and keeps the best model so far.

            Example: mlext image-classification --dataset flowers.zip --train-time 600 --name flowers
                     mlext image-classification --dataset photos --validation-dataset photos-test --token-mixer ttt-mlp --image-size 64
                     mlext image-classification --dataset flowers.zip --train-time 600 --report flowers.html --codegen MyApp
            """)
        { _dataSet, _validation, _trainTime, _epochs, _backbone, _mixer, _imageSize, _reject, _rejections, _seed, _gpu, _checkpoint, _output, _name, _codegen, _report, _json, RankOptions.Local, RankOptions.Limit };
        Command.Validators.Add(CheckLength);
        Command.CheckRejections(_reject, _rejections);
        Command.SetAction(parsed => new ModelTraining(terminal, Arguments(parsed), stop).Run());
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private TrainArguments Arguments(ParseResult parsed) => new()
    {
        DataSet = parsed.GetRequiredValue(_dataSet),
        ValidationDataSet = parsed.GetValue(_validation),
        TrainTime = parsed.GetValue(_trainTime),
        Epochs = parsed.GetValue(_epochs),
        Backbone = parsed.GetValue(_backbone),
        TokenMixer = parsed.GetValue(_mixer),
        ImageSize = parsed.GetValue(_imageSize),
        FalseRejectionRate = parsed.Rejections(_reject, _rejections),
        Seed = parsed.GetValue(_seed),
        Gpu = parsed.GetValue(_gpu),
        Checkpoint = parsed.GetValue(_checkpoint),
        Ranks = RankOptions.Of(parsed),
        ModelFile = Path.Combine(parsed.GetRequiredValue(_output), parsed.GetRequiredValue(_name) + ".zip"),
        Namespace = parsed.GetResult(_codegen) is null ? null : parsed.GetValue(_codegen) ?? CodeSubject.UsualNamespace,
        Report = parsed.GetValue(_report),
        Json = parsed.GetValue(_json),
        IsVerbose = parsed.GetValue(_verbose),
    };

    private void CheckLength(CommandResult result)
    {
        if (result.GetResult(_trainTime) is not null && result.GetResult(_epochs) is not null)
        {
            result.AddError("--train-time and --epochs both say how long to train: give one of them.");
        }
    }

    private static void CheckNamespace(OptionResult result)
    {
        if (result.Tokens is [var token] && !ClassIdentifier.IsNamespace(token.Value))
        {
            result.AddError($"--codegen takes a C# namespace, such as MyApp.Models; it is '{token.Value}'.");
        }
    }

    private static void CheckName(OptionResult result)
    {
        var name = result.GetValueOrDefault<string>();
        if (string.IsNullOrWhiteSpace(name) || name is "." or ".." || name.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) >= 0)
        {
            result.AddError($"--name must be a file name without folders; it is '{name}'.");
        }
    }
}
