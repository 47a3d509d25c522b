using System.IO.Compression;
using System.Text;
using MLExt.CodeGeneration;
using MLExt.Serve.Http;

namespace MLExt.Serve.Trainings;

/// <summary>What can be downloaded of a training.</summary>
internal static class TrainingFiles
{
    /// <summary>The model file.</summary>
    public static void Zip(TrainingTask training, TrainedImageModel model, Stream target)
    {
        using var file = File.OpenRead(model.File);
        file.CopyTo(target);
    }

    /// <summary>The model as an ONNX graph.</summary>
    public static void Onnx(TrainingTask training, TrainedImageModel model, Stream target) => model.ToOnnx(target);

    /// <summary>The generated C#, zipped.</summary>
    public static void Code(TrainingTask training, TrainedImageModel model, Stream target)
    {
        using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var file in GeneratedCode.For(training.Account(model).ToCode()))
        {
            using var entry = archive.CreateEntry(file.Name).Open();
            entry.Write(Encoding.UTF8.GetBytes(file.Text));
        }
    }

    /// <summary>The report as one HTML file.</summary>
    public static void Report(TrainingTask training, TrainedImageModel model, Stream target) =>
        target.Write(Encoding.UTF8.GetBytes(training.Account(model).ToReport(model.Model).ToString()));

    /// <summary>The model that a training gave.</summary>
    /// <exception cref="ProblemException">It runs still, or gave none.</exception>
    public static TrainedImageModel Model(TrainingTask training) => training.Outcome switch
    {
        null => throw ProblemException.Conflict("The training runs still; there is no model yet."),
        { Model: { } model } => model,
        var failed => throw ProblemException.Conflict($"The training failed, and there is no model: {failed.Error}"),
    };
}
