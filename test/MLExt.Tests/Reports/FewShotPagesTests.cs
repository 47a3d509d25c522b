using MLExt.Tests.FewShot;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.Reports;

[TestClass]
public sealed class FewShotPagesTests
{
    [TestMethod]
    public void TheReportOfAGeneratorsTrainingHasACurveForEveryPart()
    {
        var page = new HtmlPage(File.ReadAllText(TrainedGenerator.Report));
        page.CheckIsSelfContained();
        var training = page.Section("Training");
        var parts = training.Elements("h3").Count();
        Assert.IsGreaterThan(0, parts);
        Assert.HasCount(2 * parts, training.Descendants("svg").ToArray());
        StringAssert.Contains(page.Section("Summary").Value, "Classes, those held out included30");
        var made = page.Section("How it was made").Value;
        foreach (var fact in (string[])["Seed7", "Channels8", "Methodhyper-transformer", "Devicecpu", "Microsoft.ML.FewShot", "train.zip"])
        {
            StringAssert.Contains(made, fact);
        }
    }

    [TestMethod]
    public void TheReportOfAnEvaluationDrawsEveryMethodWithItsInterval()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("few-shot", "evaluate", "--model", TrainedGenerator.ModelFile, "--dataset", TrainedGenerator.TestFolder, "--ways", "4", "--tasks", "10",
            "--baseline", "prototypical-network", "--report", folder["e.html"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, $"The report is in {folder["e.html"]}");
        var page = new HtmlPage(File.ReadAllText(folder["e.html"]));
        page.CheckIsSelfContained();
        Assert.HasCount(2, page.Section("Accuracy").Descendants("rect").ToArray());
        Assert.HasCount(3, page.Section("Accuracy").Descendants("tr").ToArray());
        StringAssert.Contains(page.Section("Accuracy").Value, "The others solve the same tasks");
        StringAssert.Contains(page.All("header").Single().Value, "inductive, 4-way 1-shot");
    }

    [TestMethod]
    public void TheReportOfAnEvaluationShowsNothingThatWasNotAskedFor()
    {
        using var folder = new TemporaryFolder();
        Tool.Run("few-shot", "evaluate", "--model", TrainedGenerator.ModelFile, "--dataset", TrainedGenerator.TestFolder, "--ways", "4", "--tasks", "4", "--report", folder["e.html"])
            .Expect(ExitCode.Success);
        var page = new HtmlPage(File.ReadAllText(folder["e.html"]));
        Assert.DoesNotContain("Baselines", page.Section("Accuracy").Value);
        Assert.DoesNotContain("AUROC", page.Section("Summary").Value);
        Assert.DoesNotContain("False rejections", page.Section("Summary").Value);
    }

    [TestMethod]
    public void TheReportOfAClassifierShowsItsExamplesAndTheUnlabelledImages()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["support"], symbols: 3, perSymbol: 4, alphabet: 21, hand: 5);
        var symbols = Directory.GetDirectories(folder["support"]);
        Directory.CreateDirectory(folder["support", "unlabeled"]);
        foreach (var symbol in symbols)
        {
            File.Move(Directory.GetFiles(symbol).Order().First(), folder["support", "unlabeled", $"{Path.GetFileName(symbol)}.png"]);
        }

        Tool.Run("few-shot", "adapt", "--model", TrainedGenerator.ModelFile, "--support", folder["support"], "--output", folder["c.zip"], "--report", folder["a.html"])
            .Expect(ExitCode.Success);
        var page = new HtmlPage(File.ReadAllText(folder["a.html"]));
        page.CheckIsSelfContained();
        Assert.HasCount(9, page.Section("Examples").Descendants("img").ToArray());
        Assert.HasCount(3, page.Section("Unlabelled images").Descendants("img").ToArray());
        Assert.HasCount(1 + 3, page.Section("Confusion matrix").Descendants("tr").ToArray());
        StringAssert.Contains(page.Section("Summary").Value, "Classes3");
    }
}
