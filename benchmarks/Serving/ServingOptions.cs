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
    internal static Option<int> Number(string name, string description, int standard) =>
        AtLeastOne(new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard });

    /// <summary>Whole numbers, each at least 1, and different.</summary>
    internal static Option<int[]> Numbers(string name, string description, int[] standard) =>
        AtLeastOne(new Option<int[]>(name) { Description = description, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => standard });

    private static Option<T> AtLeastOne<T>(Option<T> option)
    {
        option.Validators.Add(given =>
        {
            foreach (var token in given.Tokens)
            {
                if (int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value < 1)
                {
                    given.AddError($"{option.Name} must be at least 1; it is {token.Value}.");
                }
            }

            if (given.Tokens.DistinctBy(token => token.Value).Count() < given.Tokens.Count)
            {
                given.AddError($"{option.Name} says the same twice.");
            }
        });
        return option;
    }
}
