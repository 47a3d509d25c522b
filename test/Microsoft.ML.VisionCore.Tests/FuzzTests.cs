using MLExtensions.Fuzz;

namespace Microsoft.ML.VisionCore.Tests;

/// <summary>The first of the mutants that the fuzzer tries by the ten thousands. One that takes the process down takes the tests with it.</summary>
[TestClass]
public sealed class FuzzTests
{
    private const int Mutants = 150, Checkpoints = 40, Kills = 3;

    public static IEnumerable<object[]> Kinds => Subject.Kinds.Select(kind => new object[] { kind });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void NoMutantComesToABadEnd(string kind)
    {
        var subject = Subject.Of(kind);
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < (kind == "checkpoint" ? Checkpoints : Mutants); number++)
        {
            var (honest, file) = Worker.Mutant(subject, seed: 1, number);
            var outcome = subject.Try(honest, file);
            Assert.DoesNotStartWith("!", outcome, $"mutant {number} of '{subject.Honest[honest].Name}'");
            outcomes.Add(outcome.Split(':')[0]);
        }

        Assert.Contains("refused", outcomes);
        Assert.Contains("scored", outcomes, "nothing was good");
    }

    [TestMethod]
    [DataRow(SmallTraining.Images)]
    [DataRow(SmallTraining.FewShot)]
    public void AKilledTrainingGoesOnAndEndsWithTheSameWeights(string trainer) => StringAssert.StartsWith(new KillRun(trainer, seed: 1).Run(Kills), $"{Kills} kills");
}
