using MLExtensions.Testing;

namespace MLExt.Tests.Reports;

[TestClass]
public sealed class ClassifierReportTests
{
    [TestMethod]
    public void TheReportOfATrainingHasCurvesConfusionClassesAndPictures()
    {
        var page = new HtmlPage(File.ReadAllText(TrainedModel.Report));
        page.CheckIsSelfContained();
        foreach (var section in (string[])["Summary", "Training", "Confusion matrix", "Classes", "Sample predictions", "How it was made"])
        {
            Assert.Contains(section, page.Sections);
        }

        Assert.HasCount(2, page.Section("Training").Descendants("svg").ToArray());
        Assert.HasCount(1 + 8, page.Section("Training").Descendants("tr").ToArray());
        Assert.HasCount(1 + 3, page.Section("Confusion matrix").Descendants("tr").ToArray());
        Assert.HasCount(1 + 3, page.Section("Classes").Descendants("tr").ToArray());
        var damaged = page.Sections.Contains("Could not be decoded") ? 1 : 0;
        Assert.HasCount(12 - damaged, page.Section("Sample predictions").Descendants("li").ToArray());
        var made = page.Section("How it was made").Value;
        foreach (var fact in (string[])["Seed7", "Devicecpu", "Epochs8", "16 pixels", "Microsoft.ML.TTT", "train.zip"])
        {
            StringAssert.Contains(made, fact);
        }
    }

    [TestMethod]
    public void TheReportOfAnEvaluationHasNoCurvesAndNamesWhatCouldNotBeDecoded()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("evaluate", "--model", TrainedModel.ModelFile, "--dataset", TrainedModel.TrainZip, "--report", folder["e.html"]).Expect(ExitCode.Success);
        StringAssert.Contains(result.Output, $"The report is in {folder["e.html"]}");
        var page = new HtmlPage(File.ReadAllText(folder["e.html"]));
        page.CheckIsSelfContained();
        Assert.DoesNotContain("Training", page.Sections);
        Assert.HasCount(24, page.Section("Sample predictions").Descendants("img").ToArray());
        StringAssert.Contains(page.Section("Could not be decoded").Value, "damaged.png");
        StringAssert.Contains(page.Section("Summary").Value, "Images measured120");
        StringAssert.Contains(page.Section("How it was made").Value, TrainedModel.TrainZip);
    }

    [TestMethod]
    public void AReportThatCannotBeWrittenIsFoundBeforeAnyWork()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("evaluate", "--model", folder["none.zip"], "--dataset", folder["none"], "--report", folder.Path).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, $"'{folder.Path}' cannot be written");
    }

    [TestMethod]
    public void WhatUsersNamedIsEscaped()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 2, classes: 2);
        Directory.Move(folder["data", "green-level"], folder["data", "<b> & \"green\""]);
        Tool.Run("image-classification", "--dataset", folder["data"], "--epochs", "1", "--image-size", "16", "--output", folder["out"], "--name", "a&b",
            "--report", folder["r.html"]).Expect(ExitCode.Success);
        var page = new HtmlPage(File.ReadAllText(folder["r.html"]));
        page.CheckIsSelfContained();
        Assert.AreEqual("a&b: training", page.All("h1").Single().Value);
        Assert.Contains("<b> & \"green\"", page.Section("Confusion matrix").Descendants("th").Select(h => h.Value));
    }
}
