using Microsoft.ML;
using Microsoft.ML.FewShot;

namespace MLExt.Models;

/// <summary>Finds the hyper-transformer that a command is to use.</summary>
internal static class HyperTransformerFile
{
    /// <summary>The name of the one that comes with the package.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>Loads a hyper-transformer.</summary>
    /// <param name="context">The context to load into.</param>
    /// <param name="name">A model file, or <see cref="Pretrained"/>.</param>
    /// <exception cref="CommandException">It is missing, no model, or another model.</exception>
    public static FewShotHyperTransformer Load(MLContext context, string name)
    {
        if (name == Pretrained)
        {
            return FewShotHyperTransformer.LoadPretrained(context);
        }

        if (!Path.Exists(name))
        {
            throw new CommandException($"There is no model file '{name}'; the model that comes with the tool is called '{Pretrained}'.");
        }

        var model = LoadedModel.Read(context, name, out _);
        if (model is FewShotHyperTransformer generator)
        {
            return generator;
        }

        (model as IDisposable)?.Dispose();
        throw new CommandException($"'{name}' is a model, but not one that generates classifiers, as 'mlext few-shot train' writes them.");
    }

    /// <summary>How a model is called in reports.</summary>
    public static string NameOf(string name) => name == Pretrained ? Pretrained : Path.GetFullPath(name);
}
