using System.CommandLine.Parsing;
using Microsoft.ML.FewShot;

namespace MLExt.Commands.FewShot;

/// <summary>How few-shot methods are called on the command line.</summary>
internal static class FewShotMethodNames
{
    private static readonly (FewShotMethod Method, string Name, string[] Others)[] Table =
    [
        (FewShotMethod.HyperTransformer, "hyper-transformer", []),
        (FewShotMethod.PrototypicalNetwork, "prototypical-network", ["prototypical", "protonet"]),
        (FewShotMethod.SoftKMeans, "soft-k-means", []),
        (FewShotMethod.LogisticRegression, "logistic-regression", []),
        (FewShotMethod.Maml, "maml", []),
    ];

    /// <summary>All names, for help and messages.</summary>
    public static string Listed => string.Join(", ", Table.Select(row => row.Name));

    /// <summary>The name of a method.</summary>
    public static string Of(FewShotMethod method) => Table.Single(row => row.Method == method).Name;

    /// <summary>The method that an option's one value names.</summary>
    public static FewShotMethod? Parse(ArgumentResult result) => ParseAll(result) is [var method] ? method : null;

    /// <summary>The methods that an option's values name; the enum's own names are understood too.</summary>
    public static FewShotMethod[]? ParseAll(ArgumentResult result)
    {
        var methods = new List<FewShotMethod>();
        foreach (var name in result.Tokens.Select(token => token.Value))
        {
            var row = Array.Find(Table, r => new[] { r.Name, r.Method.ToString() }.Concat(r.Others).Contains(name, StringComparer.OrdinalIgnoreCase));
            if (row.Name is null)
            {
                result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be one of {Listed}; it is '{name}'.");
                return null;
            }

            methods.Add(row.Method);
        }

        return [.. methods.Distinct()];
    }
}
