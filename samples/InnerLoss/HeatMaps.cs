using Microsoft.ML;

namespace Samples.InnerLoss;

/// <summary>What the token mixers of a model learn from an image.</summary>
internal static class HeatMaps
{
    /// <summary>Writes a picture for each head, and says how its loss fell.</summary>
    public static void Write(MLContext mlContext, ITransformer model, string imageFile, string folder)
    {
        Directory.CreateDirectory(folder);
        var image = File.ReadAllBytes(imageFile);
        foreach (var map in mlContext.Model.InnerLoss(model, image))
        {
            var losses = Enumerable.Range(0, map.Steps + 1).Select(step => $"{map.MeanAfter(step):F4}");
            var picture = Path.Combine(folder, $"block-{map.Block + 1}-head-{map.Head + 1}.png");
            File.WriteAllBytes(picture, ModelExplanation.DrawContributions(image, map.Reduction()));
            Console.WriteLine($"block {map.Block + 1}, head {map.Head + 1}, {map.TokenMixer}: {string.Join(" -> ", losses)}, {picture}");
        }
    }
}
