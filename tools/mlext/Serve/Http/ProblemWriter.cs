using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MLExt.Serve.Http;

/// <summary>Turns exceptions into problem+json; those that nobody expected are shown in the terminal and not to the sender.</summary>
internal sealed class ProblemWriter(IProblemDetailsService problems, Terminal terminal) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true; // nobody waits for an answer
        }

        var (status, detail) = Explain(exception, httpContext);
        if (status == StatusCodes.Status500InternalServerError)
        {
            terminal.Aside($"error: {httpContext.Request.Method} {httpContext.Request.Path}: {exception}");
        }

        httpContext.Response.StatusCode = status;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = status, Detail = detail },
        }).ConfigureAwait(false);
    }

    private static (int Status, string Detail) Explain(Exception exception, HttpContext context) => exception switch
    {
        ProblemException problem => (problem.Status, problem.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (
            StatusCodes.Status413PayloadTooLarge, $"The request is larger than this address accepts: {Limit(context)}."),
        BadHttpRequestException { InnerException: JsonException json } => (StatusCodes.Status400BadRequest, $"The JSON is not as expected: {json.Message}"),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        JsonException json => (StatusCodes.Status400BadRequest, $"The JSON is not as expected: {json.Message}"),
        CommandException command => (StatusCodes.Status400BadRequest, command.Message),
        _ => (StatusCodes.Status500InternalServerError, "The server could not do it; its terminal shows why."),
    };

    private static string Limit(HttpContext context) =>
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } bytes ? $"{bytes} bytes" : "its limit";
}
