using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;
using Samples.PredictionService;
// PredictionService --model MODEL.zip [--urls http://127.0.0.1:5000]
// MODEL.zip is what `mlext image-classification` or `mlext few-shot adapt` wrote.
//   curl --data-binary @rose.jpg http://127.0.0.1:5000/predict
var builder = WebApplication.CreateBuilder(args);
var file = builder.Configuration["model"] ?? throw new ArgumentException("--model MODEL.zip is missing.");
var mlContext = new MLContext();
var model = mlContext.Model.Load(file, out _); // a model that cannot be loaded ends the program here
var pool = new DefaultObjectPoolProvider().Create(new EnginePolicy(mlContext, model));
builder.Services.AddProblemDetails();
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10_000_000);
var app = builder.Build();
var classes = Use(ClassNames);
app.MapGet("/classes", () => classes);
app.MapPost("/predict", async (HttpRequest request) =>
{
    using var bytes = new MemoryStream();
    await request.Body.CopyToAsync(bytes);
    var output = Use(engine => engine.Predict(new ImageInput { ImageSource = bytes.ToArray() }));
    return float.IsNaN(output.Score[0])
        ? Results.Problem("The body is no picture that can be read: a whole JPEG, PNG, GIF, BMP or WebP file is expected.", statusCode: StatusCodes.Status415UnsupportedMediaType)
        : Results.Ok(new { Label = output.PredictedLabel, Scores = classes.Zip(output.Score).ToDictionary(pair => pair.First, pair => pair.Second) });
});

app.Run();

// A prediction engine serves one thread at a time; what it scores with is shared.
T Use<T>(Func<PredictionEngine<ImageInput, ImageOutput>, T> use)
{
    var engine = pool.Get();
    var result = use(engine);
    pool.Return(engine); // one that threw is not used again
    return result;
}

static string[] ClassNames(PredictionEngine<ImageInput, ImageOutput> engine)
{
    VBuffer<ReadOnlyMemory<char>> names = default;
    engine.OutputSchema["Score"].GetSlotNames(ref names);
    return [.. names.DenseValues().Select(name => name.ToString())];
}
