using Microsoft.ML;
using Samples.InnerLoss;

// InnerLoss MODEL IMAGE FOLDER
// Shows an image classifier learning at test time: the inner loss of each head before and after each inner step, and where in the image it fell, as pictures in the folder.
if (args is not [var modelFile, var imageFile, var folder] || !File.Exists(modelFile) || !File.Exists(imageFile))
{
    Console.Error.WriteLine("Usage: InnerLoss MODEL IMAGE FOLDER");
    return 2;
}

var mlContext = new MLContext();
var model = mlContext.Model.Load(modelFile, out _);
HeatMaps.Write(mlContext, model, imageFile, folder);
return 0;
