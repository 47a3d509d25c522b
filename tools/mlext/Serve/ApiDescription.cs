using Microsoft.AspNetCore.OpenApi;
using MLExt.Reports;

namespace MLExt.Serve;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDescription
{
    /// <summary>Says what the API is.</summary>
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "mlext serve";
        document.Info.Version = SoftwareVersions.Tool;
        document.Info.Description =
            "Trains image classifiers, generates classifiers from a handful of examples, and uses them. Errors are application/problem+json (RFC 9457).";
        document.Servers?.Clear();
        return Task.CompletedTask;
    });
}
