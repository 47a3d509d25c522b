using System.Diagnostics;
using MLExtensions.Testing;

namespace MLExt.Tests.Commands;

[TestClass]
public sealed class CompletionTests
{
    [TestMethod]
    [DataRow("", "image-classification evaluate predict export few-shot serve completion")]
    [DataRow("few-shot ", "train evaluate adapt")]
    [DataRow("completion ", "bash zsh fish pwsh")]
    [DataRow("image-classification --backbone ", "auto none resnet18")]
    [DataRow("image-classification --token-mixer ", "ttt-linear ttt-mlp vit3 softmax-attention linear-attention linear-attention-elu mesa gated-delta-net gated-linear-attention lightning-attention cosformer norm-attention diagonal-attention rala inline-attention none")]
    [DataRow("few-shot train --generate ", "all logits")]
    [DataRow("few-shot adapt --method so", "soft-k-means")]
    [DataRow("image-classification --ep", "--epochs")]
    public void TheToolKnowsWhatCanFollow(string line, string expected)
    {
        var found = Suggested(line);
        CollectionAssert.IsSubsetOf(expected.Split(' '), found);
        Assert.IsTrue(found.Except(expected.Split(' ')).All(other => other.StartsWith('-')), string.Join(' ', found));
    }

    [TestMethod]
    public void ALineThatIsNotFinishedIsNoError() => CollectionAssert.Contains(Suggested("evaluate --model x.zip --dat"), "--dataset");

    [TestMethod]
    public void AShellThatThereIsNoScriptForIsRefused() =>
        StringAssert.Contains(Tool.Run("completion", "tcsh").Expect(ExitCode.Usage).Error, "tcsh");

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("mlext few-shot ", "adapt evaluate train")]
    [DataRow("mlext image-classification --data", "--dataset")]
    [DataRow("mlext image-classification --token-mixer vi", "vit3")]
    [DataRow("mlext few-shot train --out", "--output")]
    [DataRow("mlext predict --model x.zip ", "")]
    public void BashOffersWhatTheToolKnowsAndLeavesFilesToItself(string line, string expected) =>
        Assert.AreEqual(expected, InBash("bash", line, """
            set -euo pipefail
            source "$1"
            read -ra COMP_WORDS <<< "$2"
            [[ $2 == *' ' ]] && COMP_WORDS+=('')
            COMP_LINE=$2 COMP_POINT=${#2} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            complete -p mlext | grep -q -- '-o default -F _mlext'
            _mlext mlext
            IFS=' '
            echo "${COMPREPLY[*]}"
            """));

    private static string[] Suggested(string line) =>
        Tool.Run($"[suggest:{line.Length}]", line).Expect(ExitCode.Success).Output.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a script in a shell that finds the tool as 'mlext' on its path.</summary>
    private static string InBash(string shell, string line, string script)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["completion"], Tool.Run("completion", shell).Expect(ExitCode.Success).Output);
        File.WriteAllText(folder["script"], script.ReplaceLineEndings("\n"));
        File.WriteAllText(folder["mlext"], $"#!/bin/sh\nexec dotnet '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["mlext"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(shell, [folder["script"], folder["completion"], line]);
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        var (exitCode, output, error) = ProgramRun.Of(start);
        Assert.AreEqual(0, exitCode, error);
        return output.TrimEnd('\n');
    }
}
