using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML;
using Samples.BatchScoring;
using TorchSharp;
// BatchScoring MODEL.zip LISTS OUTPUT
// LISTS is a folder of files with the path of an image on each line; of each there is a file OUTPUT/LIST.jsonl in the end. Start it as often as there are
// cores, on every machine that sees the folders, and again after whatever stopped it.
if (args is not [var modelFile, var folder, var output] || !File.Exists(modelFile) || !Directory.Exists(folder))
    throw new ArgumentException("Expected: BatchScoring MODEL.zip LISTS OUTPUT, with a folder of lists of images as LISTS");
torch.set_num_threads(1); // as many processes as cores are faster than one with all cores
var mlContext = new MLContext();
var model = mlContext.Model.Load(modelFile, out _);
var parts = new Parts(output);
var hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(modelFile)));
if (!parts.Write("model.sha256", file => file.Write(hash)) && File.ReadAllText(parts["model.sha256"]) != hash)
    throw new ArgumentException($"What is in '{output}' is of another model than '{modelFile}'.");
string[] lists = [.. Directory.GetFiles(folder).Select(list => Path.GetFileName(list)).Order(StringComparer.Ordinal)];
// First those that nobody has claimed; then, in any order, those that others have claimed and not finished, for they may have been stopped.
foreach (var list in lists.Where(list => parts.Write(list + ".claim", _ => { })).Concat(lists.Shuffle()).Where(list => !File.Exists(parts[list + ".jsonl"])))
{
    parts.Write(list + ".jsonl", file => Score(list, file));
}

return 0;

void Score(string list, StreamWriter file)
{
    var images = File.ReadAllLines(Path.Combine(folder, list));
    if (images.Length > 0 && !images.Any(File.Exists)) throw new FileNotFoundException($"None of the {images.Length} images of '{list}' is there.", images[0]);
    var rows = mlContext.Data.LoadFromEnumerable(images.Select(image => new ImageRow(image)));
    foreach (var (image, answer) in images.Zip(mlContext.Data.CreateEnumerable<ImageAnswer>(model.Transform(rows), reuseRowObject: true, ignoreMissingColumns: true)))
    {
        file.WriteLine(float.IsNaN(answer.Score[0]) ? JsonSerializer.Serialize(new { image, error = "is no picture that can be read" })
            : JsonSerializer.Serialize(new { image, label = answer.PredictedLabel, probability = answer.Score.Max() }));
    }
}
