using Microsoft.ML;
using Microsoft.ML.Distributed;
using Microsoft.ML.TTT;
using TorchSharp;

namespace Samples.Snippets;

/// <summary>The code of docs/scale.md. A test holds the region against the text.</summary>
public static class Distributed
{
    /// <summary>A training of the processes that a launcher started.</summary>
    public static void Train(MLContext mlContext, IDataView data, string modelFile)
    {
        #region process-group
        var group = MpiProcessGroup.Join();             // a group of one where no launcher started the program
        torch.set_num_threads(group.Processors);
        var trainer = mlContext.MulticlassClassification.Trainers.TTTImageClassification(
            new TTTImageClassificationTrainer.Options { ProcessGroup = group });
        var model = trainer.Fit(data);
        if (group.Rank == 0)
        {
            mlContext.Model.Save(model, data.Schema, modelFile);
        }

        group.Complete();
        #endregion
    }
}
