using MLExt.Data;
using MLExtensions.Testing;

namespace MLExt.Tests.Data;

[TestClass]
public sealed class DividedDataSetTests
{
    [TestMethod]
    [DataRow("train/a/1 train/b/2 test/a/3 test/b/4", "train", null, "test")]
    [DataRow("set/Training/a/1 set/Training/b/2 set/valid/a/3 set/TEST/b/4", "set/Training", "set/valid", "set/TEST")]
    [DataRow("train/x/a/1 train/x/b/2 val/x/a/3", "train", "val", null)]
    public void ItIsRecognised(string paths, string training, string? validation, string? test)
    {
        using var folder = new TemporaryFolder();
        using var store = Store(folder, paths);
        var divided = DividedDataSet.Of(store)!;
        Assert.AreEqual((training, validation, test), (divided.Training.Folder, divided.Validation?.Folder, divided.Test?.Folder));
        Assert.AreEqual("1", Path.GetFileNameWithoutExtension(divided.Training.Paths[0]));
        Assert.AreEqual(1, divided.Training.Read(0)[0]);
    }

    [TestMethod]
    [DataRow("train/a/1 train/b/2")]
    [DataRow("train/1 plane/2 car/3")]
    [DataRow("test/1 testing/2")]
    [DataRow("a/1 b/2")]
    public void WhatIsNoDivisionIsTakenAsItLies(string paths)
    {
        using var folder = new TemporaryFolder();
        using var store = Store(folder, paths);
        Assert.IsNull(DividedDataSet.Of(store));
    }

    [TestMethod]
    [DataRow("train/1 test/2")]
    [DataRow("train/a/1 test/b/2")]
    [DataRow("train/a/1 train/b/2 test/a/3 test/B/4")]
    [DataRow("train/a/1 train/b/2 test/3 test/4")]
    [DataRow("train/a/1 test/a/2 plane/a/3")]
    [DataRow("val/a/1 test/a/2")]
    [DataRow("a/train/1 a/test/2 b/train/3 b/test/4")]
    public void WhatIsNearlyOneIsRefused(string paths)
    {
        using var folder = new TemporaryFolder();
        using var store = Store(folder, paths);
        StringAssert.Contains(Assert.ThrowsExactly<CommandException>(() => DividedDataSet.Of(store)).Message, "seems to be divided, into 'te");
    }

    [TestMethod]
    public void TrainingLeavesTheTestImagesAloneAndEvaluatingMeasuresOnThem()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data", "train"], perClass: 10);
        TinyImages.WriteFolder(folder["data", "test"], perClass: 4);
        System.IO.Compression.ZipFile.CreateFromDirectory(folder["data"], folder["data.zip"]);
        foreach (var data in (string[])[folder["data"], folder["data.zip"]])
        {
            const int Classes = 3;
            var training = Tool.Run("image-classification", "--dataset", data, "--epochs", "1", "--image-size", "16", "--name", "m", "--output", folder["out"]).Expect(ExitCode.Success);
            StringAssert.Contains(training.Output, $"The data set is divided already: the {10 * Classes} images in 'train' are learned from, the {4 * Classes} in 'test' are left alone.");
            StringAssert.Contains(training.Output, $"in {Classes} classes to train on");
            var validated = Tool.Run("image-classification", "--dataset", data, "--validation-dataset", data, "--epochs", "1", "--image-size", "16", "--name", "n", "--output", folder["out"]);
            StringAssert.Contains(validated.Expect(ExitCode.Success).Output, $"{10 * Classes} images in {Classes} classes to train on, {4 * Classes} to measure on.");
            var evaluation = Tool.Run("evaluate", "--model", folder["out", "m.zip"], "--dataset", data).Expect(ExitCode.Success);
            StringAssert.Contains(evaluation.Output, $"the {4 * Classes} images in 'test' are measured on.");
        }
    }

    private static ImageStore Store(TemporaryFolder folder, string paths)
    {
        foreach (var path in paths.Split(' '))
        {
            var file = Path.Combine(folder.Path, path + ".png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, [(byte)(path[^1] - '0')]);
        }

        return ImageStore.Open(folder.Path);
    }
}
