using System.Runtime.InteropServices;
using MLExt;

using var stop = new CancellationTokenSource();
var terminal = Terminal.OfProcess();

// The first Ctrl-C (or polite kill) asks for the best model so far; the second is not held back and ends the process.
void OnSignal(PosixSignalContext signal)
{
    if (stop.IsCancellationRequested)
    {
        return;
    }

    signal.Cancel = true;
    stop.Cancel();
    terminal.Aside(args is ["serve", ..] ? "Ending. Once more to quit at once."
        : "Stopping after this batch and keeping the best model. Once more to quit at once.");
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);

return new CommandLine(terminal, stop.Token).Run(args);
