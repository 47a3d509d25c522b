using System.Globalization;
using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed class UsageTests
{
    // System.CommandLine reads numbers as the language of the system writes them: "0.25" is 25 in German, and -5 no number in Arabic.
    [TestMethod]
    [DataRow("de-DE")]
    [DataRow("tr-TR")]
    [DataRow("ar-SA")]
    public void NumbersAreReadAlikeInEveryLanguage(string language)
    {
        Languages.Require();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language);
            var missing = Tool.Run("few-shot", "adapt", "--support", "no-such-folder", "--output", "c.zip", "--reject-unknown", "--false-rejection-rate", "0.25").Expect(ExitCode.Failure);
            StringAssert.Contains(missing.Error, "no-such-folder");
            StringAssert.Contains(Tool.Run("image-classification", "--dataset", "x", "--train-time", "-5").Expect(ExitCode.Usage).Error, "--train-time must be at least 1; it is -5");
            Assert.AreEqual(language, CultureInfo.CurrentCulture.Name);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [TestMethod]
    [DataRow("no-such-command", "no-such-command")]
    [DataRow("", "command")]
    [DataRow("image-classification", "--dataset")]
    [DataRow("image-classification --dataset x --epochs 0", "--epochs must be at least 1; it is 0")]
    [DataRow("image-classification --dataset x --epochs ten", "ten")]
    [DataRow("image-classification --dataset x --epochs 3 --train-time 3", "give one of them")]
    [DataRow("image-classification --dataset x --train-time -5", "--train-time must be at least 1; it is -5")]
    [DataRow("image-classification --dataset x --gpu -1", "--gpu must be at least 0; it is -1")]
    [DataRow("image-classification --dataset x --backbone vgg", "--backbone must be one of auto, none, resnet18; it is 'vgg'.")]
    [DataRow("image-classification --dataset x --token-mixer magic", "--token-mixer must be one of")]
    [DataRow("image-classification --dataset x --name a/b", "--name must be a file name without folders; it is 'a/b'")]
    [DataRow("image-classification --dataset x --codegen 2d", "--codegen takes a C# namespace, such as MyApp.Models; it is '2d'")]
    [DataRow("image-classification --dataset x --no-such-option 1", "--no-such-option")]
    [DataRow("evaluate --model m.zip", "--dataset")]
    [DataRow("evaluate --dataset x", "--model")]
    [DataRow("predict --model m.zip", "Required argument 'IMAGE' missing")]
    [DataRow("predict --model m.zip --top 0 a.png", "--top must be at least 1; it is 0")]
    [DataRow("export --model m.zip", "--onnx")]
    [DataRow("few-shot adapt --support s --output c.zip --reject-unknown --false-rejection-rate abc", "--false-rejection-rate must be a number; it is 'abc'.")]
    [DataRow("image-classification --dataset s --reject-unknown --false-rejection-rate 1", "--false-rejection-rate must be above 0 and below 1; it is 1.")]
    [DataRow("export --onnx m.onnx", "--model")]
    [DataRow("few-shot", "command")]
    [DataRow("few-shot train --dataset x", "--output")]
    [DataRow("few-shot train --dataset x --output m.zip --ways 1", "--ways must be at least 2; it is 1")]
    [DataRow("few-shot train --dataset x --output m.zip --channels many", "many")]
    [DataRow("few-shot train --dataset x --output m.zip --generate 5", "--generate must be all, logits or a number of convolutions from 0 to 4; it is '5'")]
    [DataRow("few-shot train --dataset x --output m.zip --method lgm --generate all", "--generate has no effect with --method lgm-net; it is for hyper-transformer.")]
    [DataRow("few-shot train --dataset x --output m.zip --stroke-variation 2", "--stroke-variation must be in [0, 1]; it is 2.")]
    [DataRow("few-shot train --dataset x --output m.zip --image-size 2", "--image-size must be in [16, 256]; it is 2.")]
    [DataRow("few-shot train --dataset x --output m.zip --method magic", "--method must be one of hyper-transformer, ")]
    [DataRow("few-shot evaluate --model m.zip", "--dataset")]
    [DataRow("few-shot evaluate --model m.zip --dataset x --baseline magic", "--baseline must be one of prototypical-network, ")]
    [DataRow("few-shot evaluate --model m.zip --dataset x --baseline hyper-transformer", "--baseline cannot be hyper-transformer")]
    [DataRow("few-shot evaluate --model m.zip --dataset x --tasks 1", "--tasks must be at least 2; it is 1")]
    [DataRow("few-shot evaluate --model m.zip --dataset x --unlabelled -1", "--unlabeled must be at least 0; it is -1")]
    [DataRow("few-shot adapt --support x", "--output")]
    [DataRow("few-shot adapt --output c.zip", "--support")]
    [DataRow("few-shot evaluate --dataset x", "--model")]
    public void AWrongCommandLineEndsWithTwoAndSaysWhatIsWrong(string line, string expected)
    {
        var result = Tool.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Expect(ExitCode.Usage);
        StringAssert.Contains(result.Error, expected);
        StringAssert.Contains(result.Error, "--help");
        Assert.AreEqual("", result.Output);
    }

    [TestMethod]
    [DataRow("image-classification --dataset d --epochs 1.5", "--epochs must be a whole number; it is '1.5'.")]
    [DataRow("predict --model m --gpu x a.png", "--gpu must be a whole number; it is 'x'.")]
    [DataRow("few-shot train --dataset d --output o --stroke-variation x", "--stroke-variation must be a number; it is 'x'.")]
    public void AWordThatIsNoNumberIsNamedWithoutTheTypesOfTheProgram(string line, string expected)
    {
        var error = Tool.Run(line.Split(' ')).Expect(ExitCode.Usage).Error;
        StringAssert.Contains(error, $"mlext: {expected}");
        Assert.DoesNotContain("System.", error);
    }

    [TestMethod]
    public void AnEmptyWordIsNamed()
    {
        StringAssert.Contains(Tool.Run("evaluate", "--model", "m", "--dataset", "").Expect(ExitCode.Usage).Error, "mlext: --dataset is empty.");
        StringAssert.Contains(Tool.Run("predict", "--model", "m", "--json", "", "a.png").Expect(ExitCode.Usage).Error, "mlext: --json is empty.");
        StringAssert.Contains(Tool.Run("predict", "--model", "m", "a.png", "").Expect(ExitCode.Usage).Error, "mlext: An IMAGE is empty.");
    }

    [TestMethod]
    [DataRow("few-shot adapt --support {0} --output {0}", "--support and --output")]
    [DataRow("few-shot adapt --support d --output {0} --json {0}", "--output and --json")]
    [DataRow("few-shot train --dataset d --output {0} --checkpoint {0}", "--output and --checkpoint")]
    [DataRow("few-shot evaluate --model {0} --dataset d --report {0}", "--model and --report")]
    [DataRow("evaluate --model {0} --dataset d --json {0}", "--model and --json")]
    [DataRow("export --model {0} --onnx {0}", "--model and --onnx")]
    [DataRow("predict --model m --json {0} a.png {0}", "IMAGE and --json")]
    [DataRow("image-classification --dataset {0} --output {1} --name same", "--dataset and --name")]
    [DataRow("image-classification --dataset d --output {1} --name same --report {0}", "--name and --report")]
    public void WhatIsReadIsNeverWrittenOver(string line, string options)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["same.zip"], "kept");
        var words = line.Split(' ').Select(word => word.Replace("{0}", folder["same.zip"], StringComparison.Ordinal).Replace("{1}", folder.Path, StringComparison.Ordinal));
        StringAssert.Contains(Tool.Run([.. words]).Expect(ExitCode.Usage).Error, $"mlext: {options} name the same file '{folder["same.zip"]}'");
        Assert.AreEqual("kept", File.ReadAllText(folder["same.zip"]));
    }

    [TestMethod]
    public void AnOptionThatTheTrainerRefusesEndsWithTwo()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 3);
        var result = Tool.Run("image-classification", "--dataset", folder["data"], "--image-size", "1", "--output", folder["out"])
            .Expect(ExitCode.Usage);
        StringAssert.Contains(result.Error, "--image-size must be in [8, 4096]; it is 1.");
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }

    [TestMethod]
    [DataRow("--help", "image-classification|evaluate|predict|export|few-shot")]
    [DataRow("image-classification --help", "--dataset|--validation-dataset|--train-time|--epochs|--backbone|--token-mixer|--image-size|--seed|--gpu|--output|--name|--codegen|--report|--json|Example:")]
    [DataRow("evaluate --help", "--model|--dataset|--report|--json|Example:")]
    [DataRow("predict --help", "--model|--json|IMAGE|Example:")]
    [DataRow("export --help", "--model|--onnx|--json|Example:")]
    [DataRow("few-shot --help", "train|evaluate|adapt|symbols|photographs")]
    [DataRow("few-shot train --help", "--dataset|--output|--train-time|--method|--channels|--generate|all|logits|--image-size|--ways|--shots|--seed|--gpu|--checkpoint|--report|--json|Example:")]
    [DataRow("few-shot evaluate --help", "--model|symbols|photographs|--dataset|--ways|--shots|--unlabeled|--queries|--tasks|--seed|--within-group|--baseline|--gpu|--report|--json|Example:")]
    [DataRow("few-shot adapt --help", "--model|symbols|photographs|auto|--support|unlabeled|--output|--method|--gpu|--report|--json|Example:")]
    public void HelpNamesEveryOption(string line, string expected)
    {
        var result = Tool.Run(line.Split(' ')).Expect(ExitCode.Success);
        foreach (var word in expected.Split('|'))
        {
            StringAssert.Contains(result.Output, word);
        }
    }

    [TestMethod]
    [DataRow("image-classification --dataset {0}")]
    [DataRow("evaluate --model {0} --dataset {0}")]
    [DataRow("predict --model {0} {0}")]
    [DataRow("export --model {0} --onnx {0}.onnx")]
    [DataRow("few-shot train --dataset {0} --output {0}.zip")]
    [DataRow("few-shot evaluate --model {0} --dataset {0}")]
    [DataRow("few-shot adapt --model {0} --support {0} --output {0}.zip")]
    public void AMissingFileEndsWithOneAndIsNamed(string line)
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run([.. string.Format(line, folder["none"]).Split(' '), "--json", folder["j.json"]]).Expect(ExitCode.Failure);
        StringAssert.Contains(result.Error, folder["none"]);
        Assert.AreEqual(0, Directory.GetFileSystemEntries(folder.Path).Length);
    }
}
