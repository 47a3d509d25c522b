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
        one.MapGet("", Get).WithSummary("A classifier.");
        one.MapPut("", Replace).TakesSupport().Produces<ClassifierAnswer>().WithSummary("Generates a classifier again, from another support set.");
        one.MapDelete("", Delete).WithSummary("Forgets a classifier.");
        one.MapPost("/predict", Predict).TakesImage().Produces<PredictionAnswer>().WithSummary("What a classifier takes an image for.");
        one.MapPost("/explain", Explain).TakesImage().Produces(StatusCodes.Status200OK, contentType: FileKinds.Png)
            .WithSummary("The image in grey, and over it what spoke for the answer of a classifier in orange and what spoke against it in blue.");
        one.MapGet("/classifier.zip", Zip).WithSummary("A classifier as an ML.NET model.").Produces(StatusCodes.Status200OK, contentType: FileKinds.Zip);
        one.MapGet("/classifier.onnx", Onnx).WithSummary($"A classifier as an ONNX graph, or a part of one that shares its embedding: {EnumNames.OnnxParts.Listed}.").Produces(StatusCodes.Status200OK, contentType: FileKinds.Onnx);
    }

    private static async Task<Created<ClassifierAnswer>> Create(HttpRequest request, AppParts parts, IClassifiers classifiers, bool rejectUnknown = false, string? name = null)
    {
        if (name is not null)
        {
            KeyName.Check("'name'", name);
        }

        var classifier = await Generate(request, parts, rejectUnknown, name).ConfigureAwait(false);
        await classifiers.Add(Tenant.Of(request), classifier).ConfigureAwait(false);
        return TypedResults.Created($"/api/classifiers/{classifier.Answer.Id}", classifier.Answer);
    }

    private static async Task<ClassifierAnswer> Replace(string id, HttpRequest request, AppParts parts, IClassifiers classifiers, bool rejectUnknown = false)
    {
        await classifiers.Get(Tenant.Of(request), id).ConfigureAwait(false);
        var classifier = await Generate(request, parts, rejectUnknown, id).ConfigureAwait(false);
        await classifiers.Replace(Tenant.Of(request), classifier).ConfigureAwait(false);
        return classifier.Answer;
    }

    private static async Task<StoredClassifier> Generate(HttpRequest request, AppParts parts, bool rejectUnknown, string? id)
    {
        var support = await SupportReader.Read(request, parts.Settings.Limits, parts.Factory.Description.MaxWays, rejectUnknown ? 1 : 2).ConfigureAwait(false);
        return await parts.Models.Run(() => parts.Factory.Create(support, rejectUnknown, id), request.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    private static Task<IEnumerable<ClassifierAnswer>> List(HttpRequest request, IClassifiers classifiers) => classifiers.List(Tenant.Of(request));

    private static Task<ClassifierAnswer> Get(string id, HttpRequest request, IClassifiers classifiers) => classifiers.Get(Tenant.Of(request), id);

    private static async Task<NoContent> Delete(string id, HttpRequest request, IClassifiers classifiers)
    {
        await classifiers.Remove(Tenant.Of(request), id).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static Task<PredictionAnswer> Predict(string id, HttpRequest request, AppParts parts, IClassifiers classifiers) =>
        classifiers.Predict(Tenant.Of(request), id, () => ImageBody.Read(request, parts.Settings.Limits), request.HttpContext.RequestAborted);

    private static async Task<FileContentHttpResult> Explain(string id, HttpRequest request, AppParts parts, IClassifiers classifiers)
    {
        await classifiers.Get(Tenant.Of(request), id).ConfigureAwait(false);
        var image = await ImageBody.Read(request, parts.Settings.Limits).ConfigureAwait(false);
        var drawn = await classifiers.Use(Tenant.Of(request), id, classifier => classifier.Explain(image), request.HttpContext.RequestAborted).ConfigureAwait(false);
        return TypedResults.File(drawn, FileKinds.Png);
    }

    private static async Task<FileContentHttpResult> Zip(string id, HttpRequest request, IClassifiers classifiers) =>
        TypedResults.File(await classifiers.File(Tenant.Of(request), id).ConfigureAwait(false), FileKinds.Zip, "classifier.zip");

    private static async Task<FileStreamHttpResult> Onnx(string id, HttpRequest request, AppParts parts, IClassifiers classifiers, string part = "whole")
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

        Task Write(Stream file) => classifiers.Use(
            Tenant.Of(request),
            id,
            classifier =>
            {
                classifier.ToOnnx(which, file);
                return file;
            },
            request.HttpContext.RequestAborted);
    }
}
