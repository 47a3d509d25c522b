using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using MLExt.Serve.Contract;

namespace MLExt.Serve.Http;

/// <summary>Describes the requests whose bodies the endpoints read themselves.</summary>
internal static class RequestBodies
{
    /// <summary>One image, as the body or as the file "image" of a form, is answered with a prediction.</summary>
    public static RouteHandlerBuilder TakesImage(this RouteHandlerBuilder endpoint) => endpoint
        .Takes(("application/octet-stream", Binary()), ("image/*", Binary()), ("multipart/form-data", Form("image", Binary())))
        .Produces<PredictionAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    /// <summary>A support set.</summary>
    public static RouteHandlerBuilder TakesSupport(this RouteHandlerBuilder endpoint) => endpoint
        .Takes(
            ("multipart/form-data", new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Files in fields that are named after their classes; '*' for unlabelled images.",
                AdditionalProperties = List(Binary()),
            }),
            ("application/json", Support()))
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    /// <summary>Bodies of several kinds.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params (string Type, OpenApiSchema Schema)[] bodies) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = bodies.ToDictionary(body => body.Type, body => new OpenApiMediaType { Schema = body.Schema }),
            };
            return Task.CompletedTask;
        });

    /// <summary>A form with one field.</summary>
    public static OpenApiSchema Form(string field, OpenApiSchema value) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema> { [field] = value },
        Required = new HashSet<string> { field },
    };

    /// <summary>A file.</summary>
    public static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiSchema Base64() => new() { Type = JsonSchemaType.String, Format = "byte" };

    private static OpenApiSchema List(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Support() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["classes"] = List(new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["name"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["images"] = List(Base64()),
                },
                Required = new HashSet<string> { "name", "images" },
            }),
            ["unlabelled"] = List(Base64()),
        },
        Required = new HashSet<string> { "classes" },
    };
}
