using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using MLExt.Commands;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Classifiers;

/// <summary>Classifiers from a handful of examples.</summary>
internal static class ClassifierEndpoints
{
    private const string Tag = "Classifiers";

    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var classifiers = app.MapGroup("/api/classifiers").WithTags(Tag);
        classifiers.MapPost("", Create).TakesSupport().Produces<ClassifierAnswer>(StatusCodes.Status201Created)
            .WithSummary("Generates a classifier from a support set: files in fields named after their classes, '*' for unlabelled ones; or JSON. With ?rejectUnknown=true it may answer none of these, and one class is enough.");
        classifiers.MapGet("", List).WithSummary("The classifiers that are kept, the most recently used first.");

        var one = classifiers.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", (string id, AppParts parts) => parts.Classifiers.Get(id).Describe()).WithSummary("A classifier.");
        one.MapPut("", Replace).TakesSupport().Produces<ClassifierAnswer>().WithSummary("Generates a classifier again, from another support set.");
        one.MapDelete("", Delete).WithSummary("Forgets a classifier.");
        one.MapPost("/predict", Predict).TakesImage().Produces<PredictionAnswer>().WithSummary("What a classifier takes an image for.");
        one.MapPost("/explain", Explain).TakesImage().Produces(StatusCodes.Status200OK, contentType: FileKinds.Png)
            .WithSummary("The image in grey, and over it what spoke for the answer of a classifier in orange and what spoke against it in blue.");
        one.MapGet("/classifier.zip", Zip).WithSummary("A classifier as an ML.NET model.").Produces(StatusCodes.Status200OK, contentType: FileKinds.Zip);
        one.MapGet("/classifier.onnx", Onnx).WithSummary($"A classifier as an ONNX graph, or a part of one that shares its embedding: {EnumNames.OnnxParts.Listed}.").Produces(StatusCodes.Status200OK, contentType: FileKinds.Onnx);
    }

    private static async Task<Created<ClassifierAnswer>> Create(HttpRequest request, AppParts parts, bool rejectUnknown = false)
    {
        var support = await SupportReader.Read(request, parts.Settings.Limits, parts.Factory.Description.MaxWays, rejectUnknown ? 1 : 2).ConfigureAwait(false);
        var classifier = await parts.Models.Run(() => parts.Factory.Create(support, rejectUnknown), request.HttpContext.RequestAborted).ConfigureAwait(false);
        parts.Classifiers.Add(classifier);
        return TypedResults.Created($"/api/classifiers/{classifier.Id}", classifier.Describe());
    }

    private static async Task<ClassifierAnswer> Replace(string id, HttpRequest request, AppParts parts, bool rejectUnknown = false)
    {
        parts.Classifiers.Get(id);
        var support = await SupportReader.Read(request, parts.Settings.Limits, parts.Factory.Description.MaxWays, rejectUnknown ? 1 : 2).ConfigureAwait(false);
        var classifier = await parts.Models.Run(() => parts.Factory.Create(support, rejectUnknown, id), request.HttpContext.RequestAborted).ConfigureAwait(false);
        parts.Classifiers.Replace(classifier);
        return classifier.Describe();
    }

    private static IEnumerable<ClassifierAnswer> List(AppParts parts) => parts.Classifiers.All.Select(classifier => classifier.Describe());

    private static NoContent Delete(string id, AppParts parts)
    {
        parts.Classifiers.Remove(id);
        return TypedResults.NoContent();
    }

    private static async Task<PredictionAnswer> Predict(string id, HttpRequest request, AppParts parts)
    {
        parts.Classifiers.Get(id);
        var image = await ImageBody.Read(request, parts.Settings.Limits).ConfigureAwait(false);
        return await Use(id, request, parts, classifier => classifier.Predict(image)).ConfigureAwait(false);
    }

    private static async Task<FileContentHttpResult> Explain(string id, HttpRequest request, AppParts parts)
    {
        parts.Classifiers.Get(id);
        var image = await ImageBody.Read(request, parts.Settings.Limits).ConfigureAwait(false);
        return TypedResults.File(await Use(id, request, parts, classifier => classifier.Explain(image)).ConfigureAwait(false), FileKinds.Png);
    }

    private static FileContentHttpResult Zip(string id, AppParts parts) =>
        TypedResults.File(parts.Classifiers.Get(id).File, FileKinds.Zip, "classifier.zip");

    private static async Task<FileStreamHttpResult> Onnx(string id, HttpRequest request, AppParts parts, string part = "whole")
    {
        var which = EnumNames.OnnxParts.Find(part) ?? throw ProblemException.BadRequest($"'part' is '{part}'; expected one of {EnumNames.OnnxParts.Listed}.");
        try
        {
            return await Download.Send(parts.Work, Write, FileKinds.Onnx, "classifier.onnx").ConfigureAwait(false);
        }
        catch (NotSupportedException e)
        {
            throw ProblemException.BadRequest(e.Message);
        }

        Task Write(Stream file) => Use(id, request, parts, classifier =>
        {
            classifier.ToOnnx(which, file);
            return file;
        });
    }

    /// <summary>Uses the classifier that has the id when its turn comes; it may have been replaced or forgotten by then.</summary>
    private static Task<T> Use<T>(string id, HttpRequest request, AppParts parts, Func<StoredClassifier, T> use) =>
        parts.Models.Run(() => use(parts.Classifiers.Get(id)), request.HttpContext.RequestAborted);
}
