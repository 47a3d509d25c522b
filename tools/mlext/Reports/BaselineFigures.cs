namespace MLExt.Reports;

/// <summary>How another method did on the tasks of an evaluation.</summary>
/// <param name="Method">The method, and the file of the model where it is another one's.</param>
/// <param name="Accuracy">Share of right answers as the mean over the tasks, 0 to 1.</param>
/// <param name="Confidence95">Half the width of its 95 % interval.</param>
/// <param name="Difference">Its accuracy less that of the model.</param>
/// <param name="DifferenceConfidence95">Half the width of the 95 % interval of the difference, taken task by task.</param>
internal sealed record BaselineFigures(string Method, double Accuracy, double Confidence95, double Difference, double DifferenceConfidence95);
