using System.Diagnostics;
using System.Text.Json;
using MLExtensions.Testing;
using Samples.BatchScoring;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class BatchScoringTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    public void SeveralProcessesWriteEveryImageOnceAsThePredictCommandSaysIt()
    {
        var lists = WriteLists([5, 1, 0, 4, 2, 6, 3]);
        var processes = Enumerable.Range(0, 3).Select(_ => Start()).ToArray();
        foreach (var process in processes)
        {
            Assert.AreEqual(0, End(process));
        }

        AssertComplete(lists);
        var images = lists.Values.SelectMany(list => list).ToArray();
        var predicted = Tool.Run(["predict", "--model", TrainedModel.ModelFile, "--top", "1", "--json", _folder["answers.json"], .. images]).Expect(ExitCode.Success);
        Assert.AreEqual("", predicted.Error);
        using var answers = JsonDocument.Parse(File.ReadAllText(_folder["answers.json"]));
        CollectionAssert.AreEqual(
            answers.RootElement.GetProperty("predictions").EnumerateArray().Select(answer => answer.GetProperty("predictedLabel").GetString()).ToArray(),
            lists.Keys.SelectMany(Lines).Select(line => line.GetProperty("label").GetString()).ToArray());
    }

    [TestMethod]
    public void AJobGoesOnAfterItsProcessesWereKilled()
    {
        var lists = WriteLists([.. Enumerable.Repeat(2, 300)]); // more than are done before the processes are killed, however busy the machine is
        var killed = Enumerable.Range(0, 2).Select(_ => Start()).ToArray();
        while (Parts().Length < 3)
        {
            Assert.IsFalse(killed.All(process => process.HasExited));
        }

        Array.ForEach(killed, process => process.Kill());
        Array.ForEach(killed, process => End(process));
        var before = Parts().ToDictionary(part => part, part => (File.ReadAllText(part), File.GetLastWriteTimeUtc(part)));
        Assert.IsLessThan(lists.Count, before.Count);
        Assert.AreEqual(0, End(Start()));
        AssertComplete(lists);
        foreach (var (part, was) in before)
        {
            Assert.AreEqual(was, (File.ReadAllText(part), File.GetLastWriteTimeUtc(part)));
        }
    }

    [TestMethod]
    public void WhatIsClaimedAndNotFinishedIsDoneInTheEnd()
    {
        var lists = WriteLists([2, 2, 2]);
        Directory.CreateDirectory(_folder["output"]);
        File.WriteAllText(_folder["output", "list-1.claim"], "");
        Assert.AreEqual(0, End(Start()));
        AssertComplete(lists);
    }

    [TestMethod]
    public void OfTwoThatWriteTheSameFileTheFirstOneStays()
    {
        var (one, other) = (new Parts(_folder.Path), new Parts(_folder.Path));
        Assert.IsTrue(one.Write("part", file =>
        {
            file.Write("one");
            Assert.IsFalse(File.Exists(_folder["part"]));
        }));
        Assert.IsFalse(other.Write("part", file => file.Write("other")));
        Assert.AreEqual("one", File.ReadAllText(one["part"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => one.Write("broken", _ => throw new InvalidOperationException()));
        Assert.IsFalse(File.Exists(one["broken"]));
    }

    [TestMethod]
    public void WhatIsNoPictureIsSaidOnItsLine()
    {
        var image = WriteLists([2])["list-0"];
        File.WriteAllText(_folder["text.png"], "no picture");
        File.WriteAllLines(_folder["lists", "list-0"], [image[0], _folder["none.png"], image[1], _folder["text.png"]]);
        Assert.AreEqual(0, End(Start()));
        CollectionAssert.AreEqual((string?[])[null, "is no picture that can be read", null, "is no picture that can be read"], Lines("list-0").Select(line => line.TryGetProperty("error", out var error) ? error.GetString() : null).ToArray());
    }

    [TestMethod]
    public void AListOfWhichNothingIsThereAndAnotherModelAreRefused()
    {
        WriteLists([1]);
        Assert.AreEqual(0, End(Start()));
        File.WriteAllLines(_folder["lists", "list-1"], [_folder["away", "1.png"], _folder["away", "2.png"]]);
        StringAssert.Contains(Run(TrainedModel.ModelFile), "None of the 2 images of 'list-1' is there.");
        Assert.IsFalse(File.Exists(_folder["output", "list-1.jsonl"]));

        File.WriteAllText(_folder["output", "model.sha256"], "of another model");
        StringAssert.Contains(Run(TrainedModel.ModelFile), $"What is in '{_folder["output"]}' is of another model than '{TrainedModel.ModelFile}'.");
        StringAssert.Contains(Run(_folder["none.zip"]), "Expected: BatchScoring MODEL.zip LISTS OUTPUT");

        string Run(string model)
        {
            var (exitCode, output, error) = SampleProcess.Run(typeof(Parts), _folder.Path, model, _folder["lists"], _folder["output"]);
            Assert.AreNotEqual(0, exitCode);
            Assert.AreEqual("", output);
            return error;
        }
    }

    private static int End(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    private Process Start() => Process.Start(new ProcessStartInfo("dotnet", [typeof(Parts).Assembly.Location, TrainedModel.ModelFile, _folder["lists"], _folder["output"]]))!;

    private string[] Parts() => Directory.Exists(_folder["output"]) ? Directory.GetFiles(_folder["output"], "*.jsonl") : [];

    private JsonElement[] Lines(string list) => [.. File.ReadAllLines(_folder["output", list + ".jsonl"]).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private Dictionary<string, string[]> WriteLists(int[] lengths)
    {
        var images = TinyImages.WriteFolder(_folder["images"], perClass: (lengths.Sum() + 2) / 3);
        Directory.CreateDirectory(_folder["lists"]);
        var lists = new Dictionary<string, string[]>();
        var next = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            string[] list = [.. images.Skip(next).Take(lengths[i])];
            next += lengths[i];
            lists.Add($"list-{i}", list);
            File.WriteAllLines(_folder["lists", $"list-{i}"], list);
        }

        Assert.HasCount(lengths.Sum(), lists.Values.SelectMany(list => list));
        return lists;
    }

    private void AssertComplete(Dictionary<string, string[]> lists)
    {
        CollectionAssert.AreEqual(lists.Keys.Select(list => _folder["output", list + ".jsonl"]).Order().ToArray(), Parts().Order().ToArray());
        foreach (var (list, images) in lists)
        {
            CollectionAssert.AreEqual(images, Lines(list).Select(line => line.GetProperty("image").GetString()).ToArray());
        }
    }
}
