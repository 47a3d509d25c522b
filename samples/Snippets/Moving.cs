using Microsoft.ML;
using Microsoft.ML.TTT;

namespace Samples.Snippets;

/// <summary>The code of docs/moving-from-image-classification.md. A test holds the regions against the text.</summary>
public static class Moving
{
    /// <summary>Options that both trainers have.</summary>
    public static TTTImageClassificationTrainer.Options Options(IDataView validationSet)
    {
        #region moving
        var options = new TTTImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            ValidationSet = validationSet,
            Epoch = 50,
            EarlyStoppingCriteria = new TTTImageClassificationTrainer.EarlyStopping(minDelta: 0.001f, patience: 10),
            MetricsCallback = metrics => Console.WriteLine(metrics),
        };
        #endregion
        return options;
    }
}
