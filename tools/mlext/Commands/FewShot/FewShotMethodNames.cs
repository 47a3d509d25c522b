using System.CommandLine.Parsing;
using Microsoft.ML.FewShot;
using MLExt.Models;

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
        (FewShotMethod.RidgeRegression, "ridge-regression", []),
        (FewShotMethod.LstmMetaLearner, "lstm-meta-learner", ["lstm"]),
        (FewShotMethod.LgmNet, "lgm-net", ["lgm"]),
    ];

    // Those whose models know no other.
    private static FewShotMethod[] ExclusiveMethods => [FewShotMethod.Maml, FewShotMethod.LstmMetaLearner, FewShotMethod.LgmNet];

    // On the embedding of any model: the others have weights of their own, which are trained.
    private static FewShotMethod[] BaselineMethods => [.. Enum.GetValues<FewShotMethod>().Except([FewShotMethod.HyperTransformer, .. ExclusiveMethods])];

    /// <summary>All names, for help and messages.</summary>
    public static string Listed => Names(Enum.GetValues<FewShotMethod>());

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => Enum.GetValues<FewShotMethod>().Select(Of);

    /// <summary>The names of the methods that others are compared with, for help and messages.</summary>
    public static string Baselines => Names(BaselineMethods);

    /// <summary>The names of the methods that others are compared with.</summary>
    public static IEnumerable<string> AllBaselines => BaselineMethods.Select(Of);

    /// <summary>Whether examples without a label have a part in a method's classifiers.</summary>
    public static bool UsesUnlabelled(FewShotMethod method) => method is FewShotMethod.HyperTransformer or FewShotMethod.SoftKMeans or FewShotMethod.RidgeRegression;

    /// <summary>The names of the methods whose models know no other, for help.</summary>
    public static string Exclusive => Names(ExclusiveMethods);

    /// <summary>The name of a method.</summary>
    public static string Of(FewShotMethod method) => Table.Single(row => row.Method == method).Name;

    /// <summary>The method that an option's value names; the enum's own names are understood too.</summary>
    public static FewShotMethod? Parse(ArgumentResult result) => Parse(result, result.Tokens.Single().Value, Enum.GetValues<FewShotMethod>());

    /// <summary>What an option's values name: baselines, and the files of other models.</summary>
    public static (FewShotMethod[] Methods, string[] Models)? ParseBaselines(ArgumentResult result)
    {
        var (methods, models) = (new List<FewShotMethod>(), new List<string>());
        foreach (var value in result.Tokens.Select(token => token.Value))
        {
            if (Find(value, BaselineMethods) is { } method)
            {
                methods.Add(method);
            }
            else if (Find(value, Enum.GetValues<FewShotMethod>()) is { } other)
            {
                result.AddError($"--baseline cannot be {Of(other)}, whose weights are trained: give the file of a model that 'mlext few-shot train --method {Of(other)}' has made.");
            }
            else if (HyperTransformerFile.IsName(value) || value.AsSpan().ContainsAny(@"./\") || Path.Exists(value))
            {
                models.Add(value);
            }
            else
            {
                result.AddError($"--baseline must be one of {Baselines}, or a model file; it is '{value}'.");
            }
        }

        return ([.. methods.Distinct()], [.. models.Distinct(StringComparer.Ordinal)]);
    }

    private static FewShotMethod? Parse(ArgumentResult result, string value, FewShotMethod[] allowed)
    {
        if (Find(value, allowed) is { } method)
        {
            return method;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} must be one of {Names(allowed)}; it is '{value}'.");
        return null;
    }

    private static FewShotMethod? Find(string value, FewShotMethod[] allowed)
    {
        // As other programs write such names.
        var hyphenated = value.Replace('_', '-');
        foreach (var row in Table.Where(row => allowed.Contains(row.Method)))
        {
            if (new[] { row.Name, row.Method.ToString() }.Concat(row.Others).Contains(hyphenated, StringComparer.OrdinalIgnoreCase))
            {
                return row.Method;
            }
        }

        return null;
    }

    private static string Names(FewShotMethod[] methods) => string.Join(", ", methods.Select(Of));
}
