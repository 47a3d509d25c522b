using Microsoft.ML;

namespace Samples.InnerLoss;

/// <summary>What the token mixers of a model learn from an image.</summary>
internal static class HeatMaps
{
    /// <summary>Writes a picture for each head, and says how its loss fell.</summary>
    public static void Write(MLContext mlContext, ITransformer model, string imageFile, string folder)
    {
        var image = File.ReadAllBytes(imageFile);
        var maps = mlContext.Model.InnerLoss(model, image);
        Directory.CreateDirectory(folder);
        foreach (var map in maps)
        {
            var losses = Enumerable.Range(0, map.Steps + 1).Select(step => $"{map.MeanAfter(step):F4}");
            var picture = Path.Combine(folder, $"block-{map.Block}-head-{map.Head}.png");
            File.WriteAllBytes(picture, ModelExplanation.DrawContributions(image, map.Reduction()));
            Console.WriteLine($"block {map.Block}, head {map.Head}, {map.TokenMixer}: {string.Join(" -> ", losses)}, {picture}");
        }
    }
}
