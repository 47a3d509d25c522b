using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MLExt.Commands;
using MLExt.Models;
using MLExt.Reports;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve;

/// <summary>What the server is, and the model that it was started with.</summary>
internal static class GeneralEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/status", Status).WithTags("Server").WithSummary("What this server is, accepts and has loaded.");
        app.MapPost("/api/predict", Predict).WithTags("Server").WithSummary("What the model that the server was started with takes an image for.")
            .TakesImage().Produces<PredictionAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static StatusAnswer Status(AppParts parts) => new(
        SoftwareVersions.Tool,
        Session.Device(parts.Settings.Gpu),
        parts.Settings.Limits,
        parts.Model?.Description,
        MixerNames.All,
        parts.Factory.Description,
        parts.Settings.IsLoopback);

    private static async Task<PredictionAnswer> Predict(HttpRequest request, AppParts parts)
    {
        var model = parts.Model ?? throw ProblemException.NotFound("There is no model here: start the server with --model FILE.");
        var image = await ImageBody.Read(request, parts.Settings.Limits).ConfigureAwait(false);
        return await parts.Models.Run(() => model.Predict(image), request.HttpContext.RequestAborted).ConfigureAwait(false);
    }
}
