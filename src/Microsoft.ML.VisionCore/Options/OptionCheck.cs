using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using static System.FormattableString;

namespace Microsoft.ML.VisionCore.Options;

/// <summary>What can be wrong with options, in the same words for every trainer. Each finds everything, so that one message can name it all.</summary>
internal static class OptionCheck
{
    /// <summary>An end of a range that is none.</summary>
    private const double Unlimited = long.MaxValue;

    /// <summary>Parts that may not be null and are.</summary>
    public static IEnumerable<string> Missing(params (string Name, object? Value)[] parts) =>
        from part in parts
        where part.Value is null
        select $"{part.Name} must not be null.";

    /// <summary>Empty names, and names that two columns share.</summary>
    /// <param name="names">Each with the property or parameter that gives it; null is a column that is not used.</param>
    public static IEnumerable<string> Columns(params (string Role, string? Name)[] names)
    {
        foreach (var (role, _) in names.Where(column => column.Name is { } name && string.IsNullOrWhiteSpace(name)))
        {
            yield return $"{role} must be the name of a column; it is empty.";
        }

        foreach (var group in names.Where(column => !string.IsNullOrWhiteSpace(column.Name)).GroupBy(column => column.Name).Where(group => group.Count() > 1))
        {
            yield return $"{string.Join(" and ", group.Select(column => column.Role))} must be different columns; all are '{group.Key}'.";
        }
    }

    /// <summary>Properties outside the range that their <see cref="RangeAttribute"/> gives; null is a number that was not given.</summary>
    /// <param name="options">The object that has the properties.</param>
    /// <param name="path">The name of the property that holds the object; empty for the options themselves.</param>
    public static IEnumerable<string> Ranges(object options, string path = "") =>
        from property in options.GetType().GetProperties()
        let range = property.GetCustomAttribute<RangeAttribute>()
        where range is not null
        let value = property.GetValue(options)
        where value is not null
        let number = Convert.ToDouble(value, CultureInfo.InvariantCulture)
        let low = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture)
        let high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture)
        where !((range.MinimumIsExclusive ? number > low : number >= low) && (range.MaximumIsExclusive ? number < high : number <= high))
        let name = path.Length > 0 ? $"{path}.{property.Name}" : property.Name
        let wanted = high >= Unlimited ? Invariant($"{(range.MinimumIsExclusive ? "above" : "at least")} {low}")
            : range.MinimumIsExclusive ? Invariant($"above {low} and {(range.MaximumIsExclusive ? "below" : "at most")} {high}") : Invariant($"in [{low}, {high}]")
        select Invariant($"{name} must be {wanted}; it is {value}.");

    /// <summary>Numbers outside their range, its ends included; null is a number that was not given.</summary>
    public static IEnumerable<string> Outside(params (string Name, double? Value, double Low, double High)[] ranges) =>
        from range in ranges
        where range.Value is { } number && !(number >= range.Low && number <= range.High)
        select string.Create(CultureInfo.InvariantCulture, $"{range.Name} must be in [{range.Low}, {range.High}]; it is {range.Value}.");

    /// <summary>Numbers that are not above 0, or too high; null is a number that was not given.</summary>
    public static IEnumerable<string> NotPositive(params (string Name, double? Value, double High)[] numbers) =>
        from entry in numbers
        where entry.Value is { } number && !(number > 0 && number <= entry.High)
        select string.Create(CultureInfo.InvariantCulture, $"{entry.Name} must be above 0 and at most {entry.High}; it is {entry.Value}.");

    /// <summary>Values that their enumerations do not have; null is a choice that was not made.</summary>
    public static IEnumerable<string> Undefined(params (string Name, Enum? Value)[] choices) =>
        from choice in choices
        where choice.Value is { } value && !Enum.IsDefined(value.GetType(), value)
        select $"{choice.Name} must be one of {string.Join(", ", Enum.GetNames(choice.Value!.GetType()))}; it is {choice.Value}.";

    /// <summary>A path that is empty; null is a file that is not wanted.</summary>
    public static IEnumerable<string> EmptyPath(string name, string? path) =>
        path is not null && string.IsNullOrWhiteSpace(path) ? [$"{name} must be the path of a file or null; it is empty."] : [];

    /// <exception cref="ArgumentOutOfRangeException">There are violations; the message names all.</exception>
    public static void Throw(IEnumerable<string> violations, string parameterName)
    {
        string[] all = [.. violations.Distinct()];
        if (all.Length > 0)
        {
            throw new ArgumentOutOfRangeException(parameterName, string.Join(Environment.NewLine, all));
        }
    }
}
