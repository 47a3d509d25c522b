using System.IO.Compression;
using System.Text;
using MLExt.CodeGeneration;
using MLExt.Serve.Http;

namespace MLExt.Serve.Trainings;

/// <summary>What can be downloaded of a training.</summary>
internal static class TrainingFiles
{
    /// <summary>The generated C#, zipped.</summary>
    public static byte[] Code(TrainingTask training, TrainedImageModel model)
    {
        var files = GeneratedCode.For(new CodeSubject
        {
            Name = training.Plan.Name,
            ModelFile = Path.GetFileName(model.File),
            ImageFolder = Folder(training),
            Settings = training.Plan.Settings,
            MicroAccuracy = model.Evaluation?.Figures.MicroAccuracy,
            Seconds = training.Describe().Elapsed,
        });
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in files)
            {
                using var entry = archive.CreateEntry(file.Name).Open();
                entry.Write(Encoding.UTF8.GetBytes(file.Text));
            }
        }

        return zip.ToArray();
    }

    /// <summary>The model that a training gave.</summary>
    /// <exception cref="ProblemException">It runs still, or gave none.</exception>
    public static TrainedImageModel Model(TrainingTask training) => training.Outcome switch
    {
        null => throw ProblemException.Conflict("The training runs still; there is no model yet."),
        { Model: { } model } => model,
        var failed => throw ProblemException.Conflict($"The training failed, and there is no model: {failed.Error}"),
    };

    /// <summary>An upload is taken to be unpacked where the code is.</summary>
    private static string Folder(TrainingTask training)
    {
        var location = training.DataSet.Store.Location;
        return ImageFolder.Of(training.DataSet.IsUpload ? Path.GetFileName(location) : location, training.DataSet.Images);
    }
}
