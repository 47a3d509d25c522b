using Microsoft.Extensions.ML;
using Microsoft.ML.Data;
using Samples.PredictionService;

// PredictionService --model MODEL.zip [--urls http://127.0.0.1:5000]
// MODEL.zip is what `mlext image-classification` or `mlext few-shot adapt` wrote.
//   curl --data-binary @rose.jpg http://127.0.0.1:5000/predict
var builder = WebApplication.CreateBuilder(args);
var model = builder.Configuration["model"] ?? throw new ArgumentException("--model MODEL.zip is missing.");
builder.Services.AddPredictionEnginePool<ImageInput, ImageOutput>().FromFile(filePath: model, watchForChanges: false);
builder.Services.AddProblemDetails();
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10_000_000);

var app = builder.Build();
app.Services.GetRequiredService<PredictionEnginePool<ImageInput, ImageOutput>>(); // a model that cannot be loaded ends the program here

app.MapGet("/classes", (PredictionEnginePool<ImageInput, ImageOutput> pool) => ClassNames(pool));

app.MapPost("/predict", async (HttpRequest request, PredictionEnginePool<ImageInput, ImageOutput> pool) =>
{
    using var bytes = new MemoryStream();
    await request.Body.CopyToAsync(bytes);
    var output = pool.Predict(new ImageInput { ImageSource = bytes.ToArray() });
    return float.IsNaN(output.Score[0])
        ? Results.Problem("The body is not an image.", statusCode: StatusCodes.Status415UnsupportedMediaType)
        : Results.Ok(new { Label = output.PredictedLabel, Scores = ClassNames(pool).Zip(output.Score).ToDictionary(pair => pair.First, pair => pair.Second) });
});

app.Run();

static string[] ClassNames(PredictionEnginePool<ImageInput, ImageOutput> pool)
{
    var engine = pool.GetPredictionEngine();
    try
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
    finally
    {
        pool.ReturnPredictionEngine(engine);
    }
}
