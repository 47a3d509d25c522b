namespace MLExt.CodeGeneration;

/// <summary>
/// The files that let an application use a model and train it again, in the layout of ML.NET's Model Builder. They
/// compile as they are in a console project that references Microsoft.ML.TTT.
/// </summary>
internal static class GeneratedCode
{
    /// <summary>The names of the files: NAME.consumption.cs, NAME.training.cs and NAME.mbconfig.</summary>
    public static IReadOnlyList<string> FileNames(string name) => [$"{name}.consumption.cs", $"{name}.training.cs", $"{name}.mbconfig"];

    /// <summary>Writes the files, in memory.</summary>
    /// <param name="subject">The model and its training.</param>
    /// <returns>The files in the order of <see cref="FileNames"/>.</returns>
    public static IReadOnlyList<GeneratedFile> For(CodeSubject subject)
    {
        var className = ClassName(subject);
        string[] texts = [ConsumptionCode.Text(subject, className), TrainingCode.Text(subject, className), ConfigurationText.Text(subject)];
        return [.. FileNames(subject.Name).Zip(texts, (name, text) => new GeneratedFile(name, text))];
    }

    /// <summary>The name of the class in the files.</summary>
    public static string ClassName(CodeSubject subject)
    {
        var bare = subject with { ModelFile = "", ImageFolder = "" };
        return ClassIdentifier.Of(subject.Name, ConsumptionCode.Text(bare, "") + TrainingCode.Text(bare, ""));
    }
}
