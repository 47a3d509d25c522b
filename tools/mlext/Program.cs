using System.Runtime.InteropServices;
using Microsoft.ML.Distributed;
using MLExt;

using var stop = new CancellationTokenSource();
var (output, error) = (new EnduringWriter(Console.Out), new EnduringWriter(Console.Error));
Console.SetOut(output);
Console.SetError(error);
var terminal = Terminal.OfProcess();

// What can be stopped half-way; all else ends at once.
string[] words = [.. args.Where(word => !word.StartsWith('-')).Take(2)];
var isServing = words is ["serve", ..];
var canStop = isServing || words is ["image-classification", ..] or ["few-shot", "train"];

// The first Ctrl-C (or polite kill) asks for the best model so far; the second is not held back and ends the process.
void OnSignal(PosixSignalContext signal)
{
    if (canStop && terminal.Rank > 0)
    {
        signal.Cancel = true;       // the first process says when all stop
        return;
    }

    if (!canStop || stop.IsCancellationRequested)
    {
        OutputFile.RemoveAll();
        return;
    }

    signal.Cancel = true;
    stop.Cancel();
    terminal.Aside(isServing ? "Ending. Once more to quit at once."
        : "Stopping after this batch and keeping the best model. Once more to quit at once.");
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);

// Open MPI's launcher passes this one on and lets the processes live, where Ctrl-C ends them.
const int userSignal = 10;
using var user = MpiLauncher.IsOpenMpi && OperatingSystem.IsLinux() ? PosixSignalRegistration.Create((PosixSignal)userSignal, OnSignal) : null;

var exitCode = new CommandLine(terminal, stop.Token).Run(args);
if (output.Failure is null)
{
    return exitCode;
}

error.WriteLine($"mlext: not everything could be written to the standard output: {output.Failure.Message}");
return exitCode == ExitCode.Success ? ExitCode.Failure : exitCode;
