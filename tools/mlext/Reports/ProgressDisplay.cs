using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace MLExt.Reports;

/// <summary>Shows how far long work has come: a bar where a person watches, a line now and then where none does.</summary>
internal sealed class ProgressDisplay
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);

    /// <summary>Leaves room for the text in a terminal of 80 columns.</summary>
    private const int BarWidth = 12;

    private readonly Terminal _terminal;
    private readonly ProgressTask? _bar;
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

    private ProgressDisplay(Terminal terminal, ProgressTask? bar)
    {
        _terminal = terminal;
        _bar = bar;
    }

    /// <summary>Does the work with a display around it.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="title">What is shown until the first report.</param>
    /// <param name="work">The work.</param>
    public static T Around<T>(Terminal terminal, string title, Func<ProgressDisplay, T> work)
    {
        if (!terminal.IsLive)
        {
            return work(new ProgressDisplay(terminal, bar: null));
        }

        return terminal.Out.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new ElapsedTimeColumn())
            .Start(live => work(new ProgressDisplay(terminal, live.AddTask(Markup.Escape(title)))));
    }

    /// <summary>Says where the work is.</summary>
    /// <param name="fraction">How much is done, 0 to 1.</param>
    /// <param name="text">What is being done.</param>
    /// <param name="isMilestone">Whether it is worth a line of its own where lines cannot be redrawn.</param>
    public void Report(double fraction, string text, bool isMilestone = false)
    {
        if (_bar is not null)
        {
            _bar.Value = 100 * Math.Clamp(fraction, 0, 1);
            _bar.Description = Markup.Escape(text);
        }
        else if (isMilestone || _sinceLine.Elapsed > PlainInterval)
        {
            _sinceLine.Restart();
            _terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{text} [{100 * fraction:0} %, {_sinceStart.Elapsed:h\\:mm\\:ss}]"));
        }
    }
}
