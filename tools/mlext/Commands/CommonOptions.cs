using System.CommandLine;
using System.Globalization;
using Microsoft.ML.FewShot;

namespace MLExt.Commands;

/// <summary>Options that several commands have, and checks that they share.</summary>
internal static class CommonOptions
{
    /// <summary>A required data set.</summary>
    public static Option<string> DataSet(string description) =>
        new("--dataset") { HelpName = "DIR|ZIP", Description = description, Required = true };

    /// <summary>A required model file.</summary>
    public static Option<string> Model() =>
        new("--model") { HelpName = "FILE", Description = "The model that image-classification or few-shot adapt wrote.", Required = true };

    /// <summary>Where an unfinished training is kept.</summary>
    public static Option<string?> Checkpoint() => new("--checkpoint")
    {
        HelpName = "FILE",
        Description = "Keep the state of the unfinished training in this file, and go on from it if it is there.",
    };

    /// <summary>Where to write figures for other programs.</summary>
    public static Option<string?> Json() =>
        new("--json") { HelpName = "FILE", Description = "Also write the result to this file, as JSON." };

    /// <summary>Where to write a report for people.</summary>
    public static Option<string?> Report() =>
        new("--report") { HelpName = "FILE", Description = "Also write a report with charts and pictures to this file, as one HTML page." };

    /// <summary>Whether a model says which images are of none of its classes.</summary>
    public static Option<bool> RejectUnknown() =>
        new("--reject-unknown") { Description = "Let the model take images that are of none of its classes for none of these." };

    /// <summary>How many images of the classes may be taken for none of them.</summary>
    public static Option<double?> FalseRejectionRate()
    {
        var option = new Option<double?>("--false-rejection-rate")
        {
            HelpName = "SHARE",
            Description = "With --reject-unknown, the share of images of the classes that may be taken for none of them, above 0 and below 1. The default is 0.05.",
        };
        option.Validators.Add(result =>
        {
            // What is no number the parser refuses.
            if (result.Tokens.Count > 0 && double.TryParse(result.Tokens[^1].Value, CultureInfo.InvariantCulture, out var share) && !(share > 0 && share < 1))
            {
                result.AddError($"{option.Name} must be above 0 and below 1; it is {result.Tokens[^1].Value}.");
            }
        });
        return option;
    }

    /// <summary>The share of images that may be rejected falsely; null where nothing is to be rejected.</summary>
    public static double? Rejections(this ParseResult parsed, Option<bool> isRejecting, Option<double?> rate) =>
        parsed.GetValue(isRejecting) ? parsed.GetValue(rate) ?? new FewShotClassifierOptions().FalseRejectionRate : null;

    /// <summary>Refuses a rate that has no effect.</summary>
    public static void CheckRejections(this Command command, Option<bool> isRejecting, Option<double?> rate) => command.Validators.Add(result =>
    {
        if (result.GetResult(rate) is not null && !result.GetValue(isRejecting))
        {
            result.AddError($"{rate.Name} has no effect without {isRejecting.Name}.");
        }
    });

    /// <summary>Which CUDA device, if any.</summary>
    public static Option<int?> Gpu()
    {
        var option = new Option<int?>("--gpu")
        {
            HelpName = "N",
            Description = "Use CUDA device N; without it the CPU is used.",
        };
        return option.AtLeast(0);
    }

    /// <summary>Says which values a shell may complete to.</summary>
    public static Option<T> Offering<T>(this Option<T> option, params IEnumerable<string> values)
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. values]);
        return option;
    }

    /// <summary>Refuses smaller values.</summary>
    public static Option<int?> AtLeast(this Option<int?> option, int smallest)
    {
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
            {
                return;
            }

            if (int.TryParse(result.Tokens[^1].Value, out var value) && value < smallest)
            {
                result.AddError($"{option.Name} must be at least {smallest}; it is {value}.");
            }
        });
        return option;
    }
}
