using Microsoft.ML;
using Microsoft.ML.FewShot;

namespace MLExt.Models;

/// <summary>Finds the hyper-transformer that a command is to use.</summary>
internal static class HyperTransformerFile
{
    /// <summary>The name of the one for symbols and handwriting.</summary>
    public const string Symbols = "symbols";

    /// <summary>The name of the one for photographs.</summary>
    public const string Photographs = "photographs";

    /// <summary>Whichever of these fits the examples.</summary>
    public const string Auto = "auto";

    // What there was before there was a second one.
    private const string Pretrained = "pretrained";

    /// <summary>The names of those that come with the tool, for messages.</summary>
    public const string Names = $"'{Symbols}' and '{Photographs}'";

    /// <summary>Whether a name is that of one that comes with the tool.</summary>
    public static bool IsName(string name) => name is Symbols or Photographs or Pretrained;

    /// <summary>Loads a hyper-transformer.</summary>
    /// <param name="context">The context to load into.</param>
    /// <param name="name">A model file, or a name.</param>
    /// <exception cref="CommandException">It is missing, no model, or another model.</exception>
    public static FewShotHyperTransformer Load(MLContext context, string name)
    {
        if (IsName(name))
        {
            return FewShotHyperTransformer.LoadPretrained(context, name == Photographs ? PretrainedGenerator.Photographs : PretrainedGenerator.Symbols);
        }

        if (!Path.Exists(name))
        {
            throw new CommandException($"There is no model file '{name}'; the models that come with the tool are called {Names}.");
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
    public static string NameOf(string name) => name == Pretrained ? Symbols : IsName(name) ? name : Path.GetFullPath(name);
}
