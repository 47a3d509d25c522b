using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Distributed.Tests;

[TestClass]
public sealed class MpiProcessGroupTests
{
    [TestMethod]
    [DataRow(Mpi.Mpich, 2)]
    [DataRow(Mpi.Mpich, 4)]
    [DataRow(Mpi.Open, 4)]
    public void AllGetTheSumsAndWhatTheFirstHas(string launcher, int ranks)
    {
        var lines = Lines(Mpi.Output(launcher, ranks, ["collectives"]));
        var processors = Math.Max(1, Environment.ProcessorCount / ranks);
        for (var rank = 0; rank < ranks; rank++)
        {
            var sum = ranks * (ranks - 1) / 2;
            CollectionAssert.Contains(lines, FormattableString.Invariant($"rank {rank} of {ranks}: True {sum} {0.1 * ranks:F12} 1,2,3 processors {processors}"));
        }

        Assert.AreEqual(1, lines.Count(line => Regex.IsMatch(line, "(MPICH|Open MPI).*[0-9]")), "The library is named once.");
        Assert.AreEqual(ranks, lines.Count(line => Regex.IsMatch(line, "^rank [0-9] of [0-9]: .*, process [0-9]+$")), "Every process is named.");
    }

    [TestMethod]
    public void WithoutALauncherItIsAGroupOfOneWithoutAnyLibrary()
    {
        Assert.AreEqual(FormattableString.Invariant($"rank 0 of 1: True 0 {0.1:F12} 1,2,3 processors {Environment.ProcessorCount}"), Lines(Mpi.Output(null, 1, ["collectives"])).Single());
        var group = MpiProcessGroup.Join();
        Assert.AreEqual((0, 1), (group.Rank, group.Size));
        Assert.IsEmpty(group.Description);
        group.Complete();
    }

    [TestMethod]
    public void LimitsAreAboveZero()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MpiProcessGroup.Join(TimeSpan.Zero));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MpiProcessGroup.Join().LocalSteps = 0);
    }

    /// <summary>The process is stopped, not ended: no launcher notices.</summary>
    [TestMethod]
    public void AProcessThatHangsIsNamedByTheOthersWhenTheLimitIsOver()
    {
        var run = Mpi.Run(Mpi.Mpich, 3, ["images", "none.zip", "stop=1@200", "limit=3"]);
        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Matches(run.Error + run.Output, new Regex(@"Rank [02] waited 3 s for .*, and rank 1 \(.*, process [0-9]+\) did not come"));
    }

    [TestMethod]
    public void AProcessThatEndsBeforeItHasMetTheOthersIsMissedWhenTheLimitIsOver()
    {
        var run = Mpi.Run(Mpi.Mpich, 2, ["collectives", "", "absent=1", "limit=2"]);
        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Contains(run.Error + run.Output, "Rank 0 waited 2 s for all processes to start, and one did not");
    }

    /// <summary>Launchers end all processes when one is killed. Open MPI's says which it was; what MPICH's says names a process of the machine, not always the one.</summary>
    [TestMethod]
    [DataRow(Mpi.Mpich, @"Killed \(signal 9\)")]
    [DataRow(Mpi.Open, "process rank 1 with PID [0-9]+ on node .* exited on signal 9")]
    public void AProcessThatIsKilledEndsAll(string launcher, string expected)
    {
        var watch = Stopwatch.StartNew();
        var run = Mpi.Run(launcher, 3, ["images", "none.zip", "kill=1@150"]);
        Assert.IsLessThan(40, watch.Elapsed.TotalSeconds, "Ten seconds after it, and a start before it.");
        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Matches((run.Output + run.Error).ReplaceLineEndings(" "), new Regex(expected));
    }

    /// <summary>The launcher is stopped before the process is killed.</summary>
    [TestMethod]
    [DataRow(Mpi.Mpich)]
    [DataRow(Mpi.Open)]
    public void WhereNoLauncherNoticesTheOthersDoAndNameIt(string launcher)
    {
        var run = Mpi.Run(launcher, 3, ["images", "none.zip", "orphan=1@150"]);
        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Matches(run.Output + run.Error, new Regex(@"Rank 1 \(.*, process [0-9]+\) has ended while rank [02] waits for"));
    }

    // Where standard output is a terminal, .NET writes what terminals take for a command first.
    private static string[] Lines(string output) => [.. output.Split('\n').Select(line => Regex.Replace(line, @"\e\[\?1h\e=|\e\[\?1h|\e=|\r", "").Trim()).Where(line => line.Length > 0)];
}
