using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace MLExt.Serve.Http;

/// <summary>Describes the requests whose bodies the endpoints read themselves.</summary>
internal static class RequestBodies
{
    /// <summary>One image, as the body or as the file "image" of a form.</summary>
    public static RouteHandlerBuilder TakesImage(this RouteHandlerBuilder endpoint) => endpoint
        .Takes(("application/octet-stream", Binary()), ("image/*", Binary()), ("multipart/form-data", Object(("image", Binary()))))
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

    /// <summary>A data set.</summary>
    public static RouteHandlerBuilder TakesDataSet(this RouteHandlerBuilder endpoint) => endpoint
        .Takes(("multipart/form-data", Object(("zip", Binary()))), ("application/json", Object(("folder", new OpenApiSchema { Type = JsonSchemaType.String }))))
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
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

    private static OpenApiSchema Object(params (string Name, OpenApiSchema Schema)[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = required.ToDictionary(property => property.Name, property => (IOpenApiSchema)property.Schema),
        Required = required.Select(property => property.Name).ToHashSet(),
    };

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiSchema Base64() => new() { Type = JsonSchemaType.String, Format = "byte" };

    private static OpenApiSchema List(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Support()
    {
        var support = Object(("classes", List(Object(("name", new OpenApiSchema { Type = JsonSchemaType.String }), ("images", List(Base64()))))));
        support.Properties!["unlabelled"] = List(Base64());
        return support;
    }
}
