using System.CommandLine;
using MLExt.Models;

namespace MLExt.Commands.FewShot;

/// <summary>Options that several few-shot commands have.</summary>
internal static class FewShotOptions
{
    private const string Shipped = $"'{HyperTransformerFile.Symbols}' (handwriting too) or '{HyperTransformerFile.Photographs}' for one that comes with the tool";

    /// <summary>A required hyper-transformer.</summary>
    public static Option<string> Model() => new("--model")
    {
        HelpName = $"FILE|{HyperTransformerFile.Symbols}|{HyperTransformerFile.Photographs}",
        Description = $"The model that few-shot train wrote, or {Shipped}.",
        Required = true,
    };

    /// <summary>A hyper-transformer, or whichever fits the examples.</summary>
    /// <param name="name">The name of the option.</param>
    public static Option<string> ModelOrAuto(string name) => new(name)
    {
        HelpName = $"FILE|{HyperTransformerFile.Symbols}|{HyperTransformerFile.Photographs}|{HyperTransformerFile.Auto}",
        Description = $"What generates classifiers: the model that few-shot train wrote, or {Shipped}; '{HyperTransformerFile.Auto}' is whichever of these fits the examples.",
        DefaultValueFactory = _ => HyperTransformerFile.Auto,
    };
}
