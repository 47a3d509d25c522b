using System.Globalization;

namespace Samples;

/// <summary>What the sample was asked to do.</summary>
/// <param name="DataSet">The user's images, or null to draw some.</param>
/// <param name="TrainTime">Time to train for, or null to make so many passes over the images.</param>
internal sealed record SampleArguments(string? DataSet, TimeSpan? TrainTime)
{
    /// <summary>Reads the command line; explains it and ends the process if it makes no sense.</summary>
    public static SampleArguments Parse(string[] args)
    {
        var result = new SampleArguments(DataSet: null, TrainTime: null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            result = (args[i], value) switch
            {
                ("--dataset", not null) when File.Exists(value) || Directory.Exists(value) => result with { DataSet = value },
                ("--train-time", not null) when int.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 =>
                    result with { TrainTime = TimeSpan.FromSeconds(seconds) },
                _ => EndWithUsage(args[i], value),
            };
        }

        // How long one pass takes is known for the drawn images only.
        return result.DataSet is not null && result.TrainTime is null ? result with { TrainTime = TimeSpan.FromMinutes(3) } : result;
    }

    private static SampleArguments EndWithUsage(string option, string? value)
    {
        Console.Error.WriteLine($"'{option} {value}' is not understood. Usage: [--dataset FOLDER_OR_ZIP_THAT_EXISTS] [--train-time SECONDS]");
        Environment.Exit(2);
        throw new InvalidOperationException("The process has ended.");
    }
}
