using MLExt.Data;
using MLExtensions.Testing;

namespace MLExt.Tests.Data;

[TestClass]
public sealed class DataSetAdviceTests
{
    [TestMethod]
    public void PicturesThatAreThereOftenAndInTwoClassesAreTold()
    {
        (string, string, UInt128)[] images = [("a/1", "a", 1), ("a/2", "a", 2), ("b/1", "b", 3), ("b/2", "b", 1), ("b/3", "b", 3)];
        string[] expected =
        [
            "2 images are the same as another of the 5 looked at, 'b/2' as 'a/1' for instance. Training counts such a picture more than once, and may be measured on what it was trained on.",
            "1 picture is in more than one class, 'a/1' and 'b/2' for instance.",
        ];
        CollectionAssert.AreEqual(expected, DataSetAdvice.OfRepeated(images).ToArray());
        Assert.IsEmpty(DataSetAdvice.OfRepeated(images[..3]));
        StringAssert.EndsWith(DataSetAdvice.OfRepeated(images, isTrained: false).First(), " for instance. A classifier counts such a picture more than once, and learns less from it than from another one.");
        Assert.IsEmpty(DataSetAdvice.OfRepeated([]));
    }

    [TestMethod]
    public void TrainingTellsOfThemAndOfUnbalancedClasses()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 24, classes: 2);
        var (large, small) = (folder["data", TinyImages.ClassNames[0]], folder["data", TinyImages.ClassNames[1]]);
        foreach (var file in Directory.GetFiles(small).Order(StringComparer.Ordinal).Skip(2))
        {
            File.Delete(file);
        }

        File.Copy(Directory.GetFiles(small)[0], Path.Combine(large, "copy.png"));
        var training = Tool.Run("image-classification", "--dataset", folder["data"], "--epochs", "1", "--image-size", "16", "--output", folder["out"]).Expect(ExitCode.Success);
        StringAssert.Contains(training.Error, $"warning: The classes are unbalanced: '{TinyImages.ClassNames[0]}' has ");
        StringAssert.Contains(training.Error, "warning: 1 image is the same as another of the 27 looked at");
        StringAssert.Contains(training.Error, "warning: 1 picture is in more than one class");
    }

    [TestMethod]
    public void OfOneClassNoReductionOfTheLossIsTold()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 3, classes: 1);
        var evaluation = Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", folder["data", TinyImages.ClassNames[0]], "--json", folder["e.json"], "--report", folder["e.html"]);
        StringAssert.Contains(evaluation.Expect(ExitCode.Success).Output, "LogLossReduction is not defined: all images are of one class");
        Assert.DoesNotContain("Infinity", File.ReadAllText(folder["e.json"]));
        Assert.DoesNotContain("Infinity", File.ReadAllText(folder["e.html"]));
    }

    [TestMethod]
    public void AFileNameIsAFileNameWhateverItBeginsWith()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 1, classes: 1);
        var file = Directory.GetFiles(folder["data", TinyImages.ClassNames[0]])[0];
        File.Copy(file, folder["@home.png"]);
        File.Copy(file, folder["*.png"]);
        var here = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.Path;
            var answers = Tool.Run("predict", "--model", TrainedModel.ModelFile, "@home.png", "*.png").Expect(ExitCode.Success);
            StringAssert.Contains(answers.Output, "@home.png");
            StringAssert.Contains(answers.Output, "*.png");
        }
        finally
        {
            Environment.CurrentDirectory = here;
        }
    }
}
