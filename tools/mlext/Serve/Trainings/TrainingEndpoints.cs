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
        model.MapPost("/predict", Predict).TakesImage().WithSummary("What the model takes an image for.");
        model.MapGet("/files/model.zip", Zip).Gives(FileKinds.Zip).WithSummary("The model for ML.NET.");
        model.MapGet("/files/model.onnx", Onnx).Gives(FileKinds.Onnx).WithSummary("The model as an ONNX graph.");
        model.MapGet("/files/code.zip", Code).Gives(FileKinds.Zip).WithSummary("C# that uses the model and trains it again, as Model Builder lays it out.");
    }

    private static RouteHandlerBuilder Gives(this RouteHandlerBuilder endpoint, string type) => endpoint.Produces(StatusCodes.Status200OK, contentType: type);

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

    private static async Task<FileContentHttpResult> Zip(string id, HttpRequest request, AppParts parts)
    {
        var file = await Use(id, request, parts, (_, model) => File.ReadAllBytes(model.File)).ConfigureAwait(false);
        return Download(id, parts, file, FileKinds.Zip, ".zip");
    }

    private static async Task<FileContentHttpResult> Onnx(string id, HttpRequest request, AppParts parts)
    {
        var file = await Use(id, request, parts, (_, model) => model.ToOnnx()).ConfigureAwait(false);
        return Download(id, parts, file, FileKinds.Onnx, ".onnx");
    }

    private static async Task<FileContentHttpResult> Code(string id, HttpRequest request, AppParts parts)
    {
        var file = await Use(id, request, parts, TrainingFiles.Code).ConfigureAwait(false);
        return Download(id, parts, file, FileKinds.Zip, "-code.zip");
    }

    private static FileContentHttpResult Download(string id, AppParts parts, byte[] file, string type, string ending) =>
        TypedResults.File(file, type, parts.Trainings.Get(id).Plan.Name + ending);

    /// <summary>Uses the model when its turn comes; it may have been let go by then.</summary>
    private static Task<T> Use<T>(string id, HttpRequest request, AppParts parts, Func<TrainingTask, TrainedImageModel, T> use) => parts.Models.Run(() =>
    {
        var training = parts.Trainings.Get(id);
        return use(training, TrainingFiles.Model(training));
    }, request.HttpContext.RequestAborted);
}
