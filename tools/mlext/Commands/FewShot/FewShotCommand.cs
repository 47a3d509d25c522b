using System.CommandLine;

namespace MLExt.Commands.FewShot;

/// <summary><c>mlext few-shot</c>: classifiers from a handful of examples.</summary>
internal static class FewShotCommand
{
    /// <summary>Makes the command and those below it.</summary>
    /// <param name="terminal">Where they write.</param>
    /// <param name="stop">Asks a training to stop and keep the best model, and an evaluation to stop.</param>
    /// <param name="verbose">The option of the whole tool.</param>
    public static Command Create(Terminal terminal, CancellationToken stop, Option<bool> verbose) => new("few-shot", """
        Generates classifiers from a handful of examples of each class.

        'adapt' turns a folder of examples into a classifier, which 'mlext predict' uses. It needs a generator: one of the
        two that come with the tool, for symbols and handwriting or for photographs, or one that 'train' made from many classes like yours.

        Example: mlext few-shot adapt --support birds --output classifier.zip
                 mlext predict --model classifier.zip robin.jpg
        """)
    {
        new FewShotTrainCommand(terminal, stop, verbose).Command,
        new FewShotEvaluateCommand(terminal, stop, verbose).Command,
        new FewShotAdaptCommand(terminal, verbose).Command,
    };
}
