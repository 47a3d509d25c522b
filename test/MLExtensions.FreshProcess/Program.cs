// Loads a model as any app would, without naming the library that made it, and prints the bits of the scores of image files.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLExtensions.FreshProcess;

var context = new MLContext();
var model = context.Model.Load(args[0], out _);
var data = context.Data.LoadFromEnumerable(args.Skip(1).Select(path => new Picture { Features = File.ReadAllBytes(path) }));
foreach (var scores in model.Transform(data).GetColumn<float[]>("Score"))
{
    Console.WriteLine(string.Join(' ', scores.Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8"))));
}
