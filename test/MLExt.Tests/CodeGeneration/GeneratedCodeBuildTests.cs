using MLExt.CodeGeneration;
using MLExtensions.Testing;

namespace MLExt.Tests.CodeGeneration;

[TestClass]
public sealed class GeneratedCodeBuildTests
{
    private const string Program = """
        using MLModels;

        var image = new Bars.ModelInput { ImageSource = File.ReadAllBytes(args[0]) };
        Console.WriteLine("label " + Bars.Predict(image).PredictedLabel);
        foreach (var (label, score) in Bars.PredictAllLabels(image))
        {
            Console.WriteLine($"{score.ToString("R", System.Globalization.CultureInfo.InvariantCulture)} {label}");
        }

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

        project.Write("Program.cs", Program);
        project.Build();
        var image = Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories)[0];
        TinyImages.WriteFolder(project["images"], perClass: 6);
        var lines = project.Start(image, project["images"]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        var expected = Tool.Run("predict", "--model", TrainedModel.ModelFile, image).Expect(ExitCode.Success).Output;
        var label = lines[0]["label ".Length..];
        StringAssert.StartsWith(expected, $"{image}: {label} ");
        CollectionAssert.AreEqual(TinyImages.ClassNames.Take(3).ToArray(), lines[1..4].Select(line => line.Split(' ')[1]).Order().ToArray());
        var scores = lines[1..4].Select(line => double.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);
        Assert.AreEqual(1, scores.Sum(), 1e-5);
        Assert.AreEqual(label, lines[1].Split(' ')[1]);
        Assert.AreEqual("trained", lines[4]);
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
            Settings = new() { TokenMixer = Microsoft.ML.TTT.TokenMixer.TttMlp, ImageSize = 16, TrainTime = TimeSpan.FromSeconds(10), Gpu = 0 },
        };
        using var project = new FreshProject("<OutputType>Library</OutputType><ImplicitUsings>disable</ImplicitUsings><Nullable>disable</Nullable>");
        foreach (var file in GeneratedCode.For(subject))
        {
            project.Write(file.Name, file.Text);
        }

        project.Build();
    }
}
