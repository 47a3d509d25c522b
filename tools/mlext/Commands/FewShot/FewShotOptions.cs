using System.CommandLine;
using MLExt.Models;

namespace MLExt.Commands.FewShot;

/// <summary>Options that several few-shot commands have.</summary>
internal static class FewShotOptions
{
    /// <summary>A required hyper-transformer.</summary>
    public static Option<string> Model() => new("--model")
    {
        HelpName = $"FILE|{HyperTransformerFile.Pretrained}",
        Description = $"The model that few-shot train wrote, or '{HyperTransformerFile.Pretrained}' for the one that comes with the tool, for symbols and handwriting.",
        Required = true,
    };
}
