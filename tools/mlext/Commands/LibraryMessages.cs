using System.Text.RegularExpressions;
using Microsoft.ML.FewShot;
using Microsoft.ML.TTT;
using MLExt.Commands.FewShot;
using MLExt.Data;

namespace MLExt.Commands;

/// <summary>What the library says to programmers, said to users of the command line.</summary>
internal static partial class LibraryMessages
{
    private static readonly Dictionary<string, string> Options = new()
    {
        ["MaxWays"] = "--ways",
        ["MaxShots"] = "--shots",
        ["Epoch"] = "--epochs",
        ["GpuDeviceId"] = "--gpu",
        ["Channels"] = "--channels",
        ["ImageSize"] = "--image-size",
        ["Model.GeneratedConvolutions"] = "--generate",
        ["Episodes.StrokeVariation"] = "--stroke-variation",
        ["TrainTime in seconds"] = "--train-time",
        ["Ways"] = "--ways",
        ["Shots"] = "--shots",
        ["Unlabeled"] = "--unlabeled",
        ["Queries"] = "--queries",
        ["Tasks"] = "--tasks",
    };

    private static readonly (string Said, string Meant)[] Phrases =
    [
        ("GpuDeviceId is ", "--gpu is "),
        ("Set FallbackToCpu to use the CPU instead, or leave GpuDeviceId unset.", "Leave --gpu out to use the CPU."),
        (" (MaxWays)", ""),
        ("--image-size must be a multiple of Model.PatchSize; ", "--image-size must be a multiple of the pixels between two tokens; "),
        ("On ResNet18, ImageSize must", "On resnet18, --image-size must"),
        (" (ValidationClassFraction)", ""),
        ("set MaxWays lower", "set --ways lower"),
        ("Every class of the key needs one: fit MapValueToKey on the support set alone, or add rows.", "Every class needs one: add images, or remove its folder."),
        ($" of column '{Columns.Label}'", ""),
        ($" in column '{Columns.Label}'", ""),
        .. Enum.GetValues<TokenMixer>().Where(mixer => mixer != TokenMixer.None).Select(mixer => ($"{mixer}", MixerNames.Of(mixer))).OrderByDescending(name => name.Item1.Length),
        .. Enum.GetValues<FewShotMethod>().Select(method => ($"{method}", FewShotMethodNames.Of(method))),
    ];

    /// <summary>Runs what the library does.</summary>
    /// <param name="run">What it does.</param>
    /// <param name="exitCode">What the process ends with where it refuses.</param>
    /// <exception cref="CommandException">The library refused options or data; the message is in the words of the command line.</exception>
    public static T Translate<T>(Func<T> run, int exitCode = ExitCode.Failure)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new CommandException(Translate(e.Message), exitCode, e);
        }
    }

    /// <summary>Whether a warning counts rows that are left out: the commands name the files of those rows instead.</summary>
    public static bool IsAboutRows(string warning) => RowsLeftOut().IsMatch(warning);

    /// <summary>What is said of a failure.</summary>
    public static string Of(Exception failure)
    {
        // The libraries say of files which one it is; what is below says only what is wrong in it.
        var cause = failure is CommandException or FormatException or IOException ? failure : failure.GetBaseException();
        return Translate(cause.Message);
    }

    /// <summary>A message in the words of the command line.</summary>
    public static string Translate(string message)
    {
        var text = OptionName().Replace(Parameter().Replace(message, ""), found => Options.GetValueOrDefault(found.Value, found.Value));
        var meant = Phrases.Aggregate(text, (said, phrase) => said.Replace(phrase.Said, phrase.Meant, StringComparison.Ordinal));
        return Untrained().Replace(meant, "$& 'mlext few-shot train --method ${method}' does that.");
    }

    [GeneratedRegex(@"^\d+ (?:of \d+ |support )?row\(s\) ")]
    private static partial Regex RowsLeftOut();

    [GeneratedRegex(@"^[A-Z][\w.]*(?: in seconds)?(?= must be )", RegexOptions.Multiline)]
    private static partial Regex OptionName();

    [GeneratedRegex(@"(?<=^The method (?<method>[\w-]+) cannot be used with .*): its weights have to be trained\.", RegexOptions.Multiline)]
    private static partial Regex Untrained();

    [GeneratedRegex(@" \(Parameter '\w+'\)$")]
    private static partial Regex Parameter();
}
