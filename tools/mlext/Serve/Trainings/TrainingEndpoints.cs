using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Trainings;

/// <summary>Models from data sets.</summary>
internal static class TrainingEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var trainings = app.MapGroup("/api/trainings").WithTags("Trainings");
        trainings.MapPost("", Start).WithSummary("Starts a training; one runs at a time.").ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        trainings.MapGet("", (AppParts parts) => parts.Trainings.All.Select(training => training.Describe())).WithSummary("The trainings that are kept.");

        var one = trainings.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", (string id, AppParts parts) => parts.Trainings.Get(id).Describe()).WithSummary("A training, while it runs and after.");
        one.MapGet("/events", Events).WithSummary("A training as server-sent events: 'progress' while it runs, and 'done'; each has the training as its data.");
        one.MapPost("/stop", Stop).WithSummary("Asks a training to stop and keep the best model so far.");

        var model = one.MapGroup("").ProducesProblem(StatusCodes.Status409Conflict);
        model.MapGet("/evaluation", Evaluation).WithSummary("How good the model is on images that were held back.");
        model.MapPost("/predict", Predict).TakesImage().Produces<PredictionAnswer>().WithSummary("What the model takes an image for.");
        model.MapPost("/explain", Explain).TakesImage().Produces(StatusCodes.Status200OK, contentType: FileKinds.Png)
            .WithSummary("The image in grey, and over it what spoke for the answer of the model in orange and what spoke against it in blue.");
        model.MapPost("/inner-loss", InnerLoss).TakesImage().Produces<IReadOnlyList<InnerLossAnswer>>()
            .WithSummary("What the token mixers of the model learn from an image, head by head: the inner loss before and after each step, and where in the image it fell.");
        MapFile("model.zip", FileKinds.Zip, ".zip", TrainingFiles.Zip, "The model for ML.NET.");
        MapFile("model.onnx", FileKinds.Onnx, ".onnx", TrainingFiles.Onnx, "The model as an ONNX graph.");
        MapFile("code.zip", FileKinds.Zip, "-code.zip", TrainingFiles.Code, "C# that uses the model and trains it again, as Model Builder lays it out.");
        MapFile("report.html", FileKinds.Html, "-report.html", TrainingFiles.Report, "Curves, figures and pictures in one file.");

        void MapFile(string name, string type, string ending, Action<TrainingTask, TrainedImageModel, Stream> write, string summary) =>
            model.MapGet($"/files/{name}", (string id, HttpRequest request, AppParts parts) => Send(id, request, parts, write, type, ending))
                .Produces(StatusCodes.Status200OK, contentType: type).WithSummary(summary);
    }

    private static Accepted<TrainingAnswer> Start(TrainingRequest request, AppParts parts)
    {
        var dataSet = parts.DataSets.Get(request.DataSet);
        var plan = TrainingPlan.Of(request, dataSet.Description.Name, parts.Settings.Gpu);
        var training = parts.Trainings.Start(() => TrainingTask.Start(parts, dataSet, plan));
        return TypedResults.Accepted($"/api/trainings/{training.Id}", training.Describe());
    }

    private static ServerSentEventsResult<TrainingAnswer> Events(string id, HttpContext context, AppParts parts, IHostApplicationLifetime lifetime)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(end);
        return TypedResults.ServerSentEvents(TrainingEvents.Follow(parts.Trainings.Get(id), end.Token));
    }

    private static Accepted<TrainingAnswer> Stop(string id, AppParts parts)
    {
        var training = parts.Trainings.Get(id);
        training.Stop();
        return TypedResults.Accepted($"/api/trainings/{id}", training.Describe());
    }

    private static EvaluationAnswer Evaluation(string id, AppParts parts)
    {
        var training = parts.Trainings.Get(id);
        var model = TrainingFiles.Model(training);
        return Evaluations.Describe(model.Evaluation, model.Data.Validation, training.DataSet.Images);
    }

    private static async Task<PredictionAnswer> Predict(string id, HttpRequest request, AppParts parts)
    {
        TrainingFiles.Model(parts.Trainings.Get(id));
        var image = await ImageBody.Read(request, parts.Settings.Limits).ConfigureAwait(false);
        return await Use(id, request, parts, (_, model) => model.Predict(image)).ConfigureAwait(false);
    }

    private static async Task<FileContentHttpResult> Explain(string id, HttpRequest request, AppParts parts)
    {
        TrainingFiles.Model(parts.Trainings.Get(id));
        var image = await ImageBody.Read(request, parts.Settings.Limits).ConfigureAwait(false);
        return TypedResults.File(await Use(id, request, parts, (_, model) => model.Explain(image)).ConfigureAwait(false), FileKinds.Png);
    }

    private static async Task<IReadOnlyList<InnerLossAnswer>> InnerLoss(string id, HttpRequest request, AppParts parts)
    {
        TrainingFiles.Model(parts.Trainings.Get(id));
        var image = await ImageBody.Read(request, parts.Settings.Limits).ConfigureAwait(false);
        return await Use(id, request, parts, (_, model) => model.InnerLoss(image)).ConfigureAwait(false);
    }

    private static Task<FileStreamHttpResult> Send(
        string id, HttpRequest request, AppParts parts, Action<TrainingTask, TrainedImageModel, Stream> write, string type, string ending)
    {
        var name = parts.Trainings.Get(id).Plan.Name + ending;
        return Download.Send(parts.Work, Write, type, name);

        Task Write(Stream file) => Use(id, request, parts, (training, model) =>
        {
            write(training, model, file);
            return file;
        });
    }

    /// <summary>Uses the model when its turn comes; it may have been let go by then.</summary>
    private static Task<T> Use<T>(string id, HttpRequest request, AppParts parts, Func<TrainingTask, TrainedImageModel, T> use) => parts.Models.Run(() =>
    {
        var training = parts.Trainings.Get(id);
        return use(training, TrainingFiles.Model(training));
    }, request.HttpContext.RequestAborted);
}
