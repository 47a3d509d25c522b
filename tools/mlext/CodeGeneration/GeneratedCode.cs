namespace MLExt.CodeGeneration;

/// <summary>
/// The files that let an application use a model and train it again, in the layout of ML.NET's Model Builder. They
/// compile as they are in a console project that references Microsoft.ML.TTT.
/// </summary>
internal static class GeneratedCode
{
    /// <summary>Writes the files, in memory.</summary>
    /// <param name="subject">The model and its training.</param>
    /// <returns>NAME.consumption.cs, NAME.training.cs and NAME.mbconfig.</returns>
    public static IReadOnlyList<GeneratedFile> For(CodeSubject subject)
    {
        var className = ClassName(subject);
        return
        [
            new($"{subject.Name}.consumption.cs", ConsumptionCode.Text(subject, className)),
            new($"{subject.Name}.training.cs", TrainingCode.Text(subject, className)),
            new($"{subject.Name}.mbconfig", ConfigurationText.Text(subject)),
        ];
    }

    /// <summary>The name of the class in the files.</summary>
    public static string ClassName(CodeSubject subject)
    {
        var bare = subject with { ModelFile = "", ImageFolder = "" };
        return ClassIdentifier.Of(subject.Name, ConsumptionCode.Text(bare, "") + TrainingCode.Text(bare, ""));
    }
}
