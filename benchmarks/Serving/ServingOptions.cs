using System.CommandLine;
using System.Globalization;

namespace MLExtensions.Serving;

/// <summary>Options of the measurements, and what their values must be.</summary>
internal static class ServingOptions
{
    /// <summary>Where silos keep what they have.</summary>
    internal static Option<string> Store()
    {
        var option = new Option<string>("--store")
        {
            Description = "sqlite for a file of this run, sqlite:FILE, postgresql:CONNECTION or redis:CONNECTION; what is put in there stays.",
            DefaultValueFactory = _ => Serving.Store.Fresh,
        };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } text && !Serving.Store.IsStore(text))
            {
                given.AddError($"--store must be sqlite, sqlite:FILE, postgresql:CONNECTION or redis:CONNECTION; it is '{text}'.");
            }
        });
        return option;
    }

    /// <summary>A whole number, at least 1.</summary>
    internal static Option<int> Number(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [.., var last] && int.TryParse(last.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value < 1)
            {
                given.AddError($"{name} must be at least 1; it is {last.Value}.");
            }
        });
        return option;
    }
}
