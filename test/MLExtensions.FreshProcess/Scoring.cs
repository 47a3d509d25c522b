using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.FreshProcess;

/// <summary>Loads a model as any app would, without naming the library that made it.</summary>
internal static class Scoring
{
    public static void Print(string model, IEnumerable<string> images)
    {
        var context = new MLContext();
        var transformer = context.Model.Load(model, out _);
        var data = context.Data.LoadFromEnumerable(images.Select(path => new Picture { Features = File.ReadAllBytes(path) }));
        foreach (var scores in transformer.Transform(data).GetColumn<float[]>("Score"))
        {
            Console.WriteLine(string.Join(' ', scores.Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8"))));
        }
    }
}
