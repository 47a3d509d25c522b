using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using MLExtensions.Testing;
using Samples.BatchScoring;
using Samples.FewShotSymbols;

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
    public void OfManyThatWriteTheSameFileInTheSameMomentOneSaysThatItDid()
    {
        const int files = 400, writers = 4;
        var written = new int[files];
        using var together = new Barrier(writers);
        var threads = Enumerable.Range(0, writers).Select(writer => new Thread(() =>
        {
            var parts = new Parts(_folder.Path);
            for (var i = 0; i < files; i++)
            {
                if (parts.Write($"part-{i}", file =>
                {
                    file.Write(writer);
                    together.SignalAndWait();
                }))
                {
                    Interlocked.Increment(ref written[i]);
                }
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        CollectionAssert.AreEqual(Enumerable.Repeat(1, files).ToArray(), written);
        Assert.IsEmpty(Directory.GetFiles(_folder["unfinished"]));
    }

    [TestMethod]
    public void WhatIsNoPictureOrNotThereIsSaidOnItsLineAndBlankLinesAreNone()
    {
        var image = WriteLists([2])["list-0"];
        File.WriteAllText(_folder["text.png"], "no picture");
        File.CreateSymbolicLink(_folder["link.png"], _folder["none.png"]);
        File.WriteAllLines(_folder["lists", "list-0"], [image[0], "", _folder["none.png"], image[1], " ", _folder["text.png"], "a\0b", _folder["link.png"], _folder["lists"]]);
        Assert.AreEqual(0, End(Start()));
        CollectionAssert.AreEqual(
            (string?[])[null, "is not there", null, "is no picture that can be read", "is not there", "is not there", "is no picture that can be read"],
            Lines("list-0").Select(line => line.TryGetProperty("error", out var error) ? error.GetString() : null).ToArray());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)] // which has a file that no user, not even root, can read
    public void AListThatCannotBeScoredIsLeftOutAndTheOthersAreMade()
    {
        const string unreadable = "/proc/self/mem";
        var lists = WriteLists([2, 2, 2]);
        File.WriteAllLines(_folder["lists", "list-1"], [lists["list-1"][0], unreadable]);
        var longName = new string('a', 252);     // with what is added to it too long for a file
        File.WriteAllLines(_folder["lists", longName], lists["list-0"]);
        var error = Refusal(TrainedModel.ModelFile, _folder["output"]);
        StringAssert.Contains(error, $"List 'list-1' is left out: An image cannot be read: {unreadable}: ");
        StringAssert.Contains(error, $"List '{longName}' is left out: ");
        StringAssert.Contains(error, "2 of 4 lists have no part.");
        CollectionAssert.AreEqual((string[])["list-0.jsonl", "list-2.jsonl"], Parts().Select(part => Path.GetFileName(part)).Order().ToArray());
        File.WriteAllLines(_folder["lists", "list-1"], lists["list-1"]);
        File.Delete(_folder["lists", longName]);
        Assert.AreEqual(0, End(Start()));
        AssertComplete(lists);
    }

    [TestMethod]
    public void ImagesThatGoWhileTheirListIsScoredMakeNoPart()
    {
        var images = WriteLists([600])["list-0"];
        var parts = new Parts(_folder["output"]);
        var fault = Assert.ThrowsExactly<InvalidDataException>(() => parts.Write("part", file =>
        {
            using var disk = new Disk(file.BaseStream, Path.GetDirectoryName(Path.GetDirectoryName(images[0]))!, _folder["away"]);
            using var lines = new StreamWriter(disk) { AutoFlush = true };
            new Scorer(TrainedModel.ModelFile).Score(_folder["lists", "list-0"], lines);
        }));
        StringAssert.Contains(fault.Message, "None of its 600 images is there");
        Assert.IsFalse(File.Exists(parts["part"]));
    }

    [TestMethod]
    public void AnImageOfNoneOfTheClassesHasTheKnownScoreOfThePredictCommandAndNoProbability()
    {
        DrawnSymbols.Write(_folder["examples"], symbols: 3, perSymbol: 3, alphabet: 31, hand: 1);
        Tool.Run(["few-shot", "adapt", "--support", _folder["examples"], "--reject-unknown", "--output", _folder["c.zip"]]).Expect(ExitCode.Success);
        DrawnSymbols.Write(_folder["others"], symbols: 8, perSymbol: 1, alphabet: 77, hand: 2);
        string[] images = [.. Directory.GetFiles(_folder["others"], "*.png", SearchOption.AllDirectories), .. Directory.GetFiles(_folder["examples"], "*.png", SearchOption.AllDirectories)];
        File.WriteAllLines(_folder["list"], images);
        new Parts(_folder["output"]).Write("list.jsonl", file => new Scorer(_folder["c.zip"]).Score(_folder["list"], file));
        Tool.Run(["predict", "--model", _folder["c.zip"], "--json", _folder["answers.json"], .. images]).Expect(ExitCode.Success);
        using var answers = JsonDocument.Parse(File.ReadAllText(_folder["answers.json"]));
        var (rejected, line) = (0, Lines("list").AsEnumerable().GetEnumerator());
        foreach (var answer in answers.RootElement.GetProperty("predictions").EnumerateArray())
        {
            Assert.IsTrue(line.MoveNext());
            var label = answer.GetProperty("predictedLabel").GetString() ?? "";
            Assert.AreEqual(label, line.Current.GetProperty("label").GetString());
            Assert.AreEqual(answer.GetProperty("knownScore").GetDouble(), line.Current.GetProperty("knownScore").GetDouble(), 1e-6);
            Assert.AreEqual(label.Length > 0, line.Current.TryGetProperty("probability", out _));
            rejected += label.Length == 0 ? 1 : 0;
        }

        Assert.IsTrue(rejected is > 0 and < 17, $"{rejected} of 17 were rejected.");
    }

    [TestMethod]
    public void WhatCannotBeDoneIsSaidInALineAndAListOfWhichNothingIsThereIsLeftForTheNextStart()
    {
        WriteLists([1]);
        Assert.AreEqual(0, End(Start()));
        File.WriteAllLines(_folder["lists", "list-1"], [_folder["away", "1.png"], _folder["away", "2.png"]]);
        var error = Refusal(TrainedModel.ModelFile, _folder["output"]);
        StringAssert.Contains(error, "List 'list-1' is left out: None of its 2 images is there");
        StringAssert.Contains(error, "1 of 2 lists have no part.");
        Assert.IsFalse(File.Exists(_folder["output", "list-1.jsonl"]));

        File.WriteAllText(_folder["output", "model.sha256"], "of another model");
        Assert.AreEqual($"What is in '{_folder["output"]}' is of another model than '{TrainedModel.ModelFile}'.", Refusal(TrainedModel.ModelFile, _folder["output"]));
        StringAssert.Contains(Refusal(_folder["none.zip"], _folder["output"]), _folder["none.zip"]);
        ZipFile.CreateFromDirectory(_folder["lists"], _folder["lists.zip"]);
        foreach (var file in (string[])[_folder["lists", "list-0"], _folder["lists.zip"]])
        {
            StringAssert.StartsWith(Refusal(file, _folder["output"]), $"'{file}' cannot be loaded: ");
        }

        StringAssert.Contains(Refusal(TrainedModel.ModelFile, _folder["lists"]), "give it a folder of its own");
        StringAssert.Contains(Refusal(TrainedModel.ModelFile, _folder["lists", "list-0"]), _folder["lists", "list-0"]);
    }

    private string Refusal(string model, string folder)
    {
        var (exitCode, output, error) = SampleProcess.Run(typeof(Parts), _folder.Path, model, _folder["lists"], folder);
        Assert.AreEqual(1, exitCode, error);
        Assert.AreEqual("", output);
        return error.Trim();
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

    // Takes a folder away when the first line comes.
    private sealed class Disk(Stream inner, string folder, string away) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            if (Directory.Exists(folder))
            {
                Directory.Move(folder, away);
            }
        }
    }
}
