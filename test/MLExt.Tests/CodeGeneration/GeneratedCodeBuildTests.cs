using System.Globalization;
using MLExt.CodeGeneration;
using MLExt.Tests.Documentation;
using MLExtensions.Testing;

namespace MLExt.Tests.CodeGeneration;

[TestClass]
public sealed class GeneratedCodeBuildTests
{
    private const string MoreOfTheProgram = """
        Console.WriteLine(string.Join(' ', Bars.PredictAllLabels(image).Select(pair => pair.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture))));
        Bars.Train("again.zip", args[1]);
        Console.WriteLine("trained");
        """;

    [TestMethod]
    public void InAFreshConsoleProjectItCompilesPredictsAndTrains()
    {
        using var project = new FreshProject();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(TrainedModel.ModelFile)!))
        {
            File.Copy(file, project[Path.GetFileName(file)]);
        }

        project.Write("Program.cs", DocumentedProgram().Replace("Flowers", "Bars", StringComparison.Ordinal) + MoreOfTheProgram);
        project.Build();
        var image = Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories)[0];
        TinyImages.WriteFolder(project["images"], perClass: 6);
        var lines = project.Start(image, project["images"]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        var label = Between(Tool.Run("predict", "--model", TrainedModel.ModelFile, image).Expect(ExitCode.Success).Output, $"{image}: ", " ");
        Assert.AreEqual($"This is taken for {label}:", lines[0]);
        var labels = lines[1..4].Select(line => line.Split("% ")[1]).ToArray();
        Assert.AreEqual(label, labels[0]);
        CollectionAssert.AreEqual(TinyImages.ClassNames.Take(3).ToArray(), labels.Order().ToArray());
        var scores = lines[4].Split(' ').Select(score => double.Parse(score, CultureInfo.InvariantCulture)).ToArray();
        CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);
        Assert.AreEqual(1, scores.Sum(), 1e-5);
        Assert.AreEqual("trained", lines[5]);
        Tool.Run("evaluate", "--model", project["again.zip"], "--dataset", project["images"]).Expect(ExitCode.Success);
    }

    [TestMethod]
    public void WithEveryOptionAndWithoutTheConveniencesOfNewProjectsItCompilesToo()
    {
        var subject = new CodeSubject
        {
            Name = "my bars",
            Namespace = "Other.Place",
            ModelFile = "my bars.zip",
            ImageFolder = "C:\\a \"b\"",
            Settings = new() { TokenMixer = Microsoft.ML.TTT.TokenMixer.TttMlp, ImageSize = 16, TrainTime = TimeSpan.FromSeconds(10), Gpu = 0, FalseRejectionRate = 0.02 },
        };
        using var project = new FreshProject("<OutputType>Library</OutputType><ImplicitUsings>disable</ImplicitUsings><Nullable>disable</Nullable>");
        foreach (var file in GeneratedCode.For(subject))
        {
            project.Write(file.Name, file.Text);
        }

        project.Build();
    }

    /// <summary>The C# of the page on the command line.</summary>
    private static string DocumentedProgram() =>
        Between(File.ReadAllText(RepositoryFiles.At("docs", "command-line.md")).ReplaceLineEndings("\n"), "```csharp\n", "```");

    private static string Between(string text, string before, string after)
    {
        var from = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[from..text.IndexOf(after, from, StringComparison.Ordinal)];
    }
}
