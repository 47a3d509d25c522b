using System.CommandLine;
using System.Globalization;
using MLExtensions.Accuracy.FewShot;

namespace MLExtensions.Accuracy;

/// <summary>Options that studies share, and what their values must be.</summary>
internal static class StudyOptions
{
    /// <summary>Seeds for each row.</summary>
    internal static Option<int> Seeds { get; } = Number("--seeds", "Seeds for each row: 0, 1, ...", 3);

    /// <summary>Where they begin.</summary>
    internal static Option<int> FirstSeed { get; } = Number("--first-seed", "The first seed.", 0, least: 0);

    /// <summary>Where finished runs are kept.</summary>
    internal static Option<string?> Log { get; } = new("--log")
    {
        Description = "A file of finished runs of one study, one JSON object a line; runs that are in it are not run again.",
    };

    /// <summary>A whole number.</summary>
    internal static Option<int> Number(string name, string description, int standard, int least = 1) => Checked(
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard }, value => value >= least, $"at least {least}");

    /// <summary>A zip of images in a folder for each class.</summary>
    internal static Option<string> Zip(string description) => Checked(new Option<string>("--dataset") { Description = description, Required = true }, File.Exists, "a file");

    /// <summary>A folder.</summary>
    internal static Option<string> Folder(string description) => Checked(new Option<string>("--data") { Description = description, Required = true }, Directory.Exists, "a folder");

    /// <summary>Names of rows; all where none are given.</summary>
    internal static Option<string[]> Rows(string name, IEnumerable<string> all)
    {
        var option = new Option<string[]>(name) { Description = "What to run; all where not given.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. all] };
        option.AcceptOnlyFromAmong([.. all]);
        return option;
    }

    /// <summary>An option whose value must be something.</summary>
    internal static Option<T> Checked<T>(Option<T> option, Func<T, bool> isRight, string wanted)
    {
        option.Validators.Add(given =>
        {
            T? value;
            try
            {
                value = given.GetValueOrDefault<T>();
            }
            catch (InvalidOperationException)
            {
                return;     // what cannot be read is refused by the parser
            }

            if (value is null || isRight(value))
            {
                return;
            }

            given.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be {wanted}; it is {(value is int[] all ? string.Join(", ", all) : value)}."));
        });
        return option;
    }

    /// <summary>The study and what it was told, without what says which of its runs are meant.</summary>
    internal static string Settings(this ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var told = command.Options.Where(option => option is not Option<string[]> && option != Seeds && option != FirstSeed && option != Log && option.Name != FewShotCommand.Channels)
            .Select(option => $"{option.Name} {Text(parsed.GetResult(option)?.GetValueOrDefault<object>())}");
        return string.Join(' ', [command.Name, .. told]);
    }

    // The same file by whatever path.
    private static string Text(object? value) => value is string path ? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
