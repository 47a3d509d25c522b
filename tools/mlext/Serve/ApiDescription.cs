using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MLExt.Reports;
using MLExt.Serve.Http;

namespace MLExt.Serve;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDescription
{
    private const string Classifiers = "/api/classifiers";

    /// <summary>Says what the API is.</summary>
    /// <param name="options">Of the document.</param>
    /// <param name="hasTenants">Whether classifiers belong to the tenant that a header names.</param>
    public static void Configure(OpenApiOptions options, bool hasTenants) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "mlext serve";
        document.Info.Version = SoftwareVersions.Tool;
        document.Info.Description =
            "Trains image classifiers, generates classifiers from a handful of examples, and uses them. Errors are application/problem+json (RFC 9457).";
        document.Servers?.Clear();
        var asked = document.Paths.Where(path => hasTenants && path.Key.StartsWith(Classifiers, StringComparison.Ordinal)).SelectMany(path => path.Value.Operations!.Values);
        foreach (var operation in asked)
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = Tenant.Header,
                In = ParameterLocation.Header,
                Description = "Whose classifiers; those of 'default' where it is missing.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        return Task.CompletedTask;
    });
}
