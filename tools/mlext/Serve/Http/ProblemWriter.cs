using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MLExt.Serve.Http;

/// <summary>Turns exceptions into problem+json; those that nobody expected are shown in the terminal and not to the sender.</summary>
internal sealed partial class ProblemWriter(IProblemDetailsService problems, Terminal terminal) : IExceptionHandler
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
        BadHttpRequestException { InnerException: JsonException json } => (StatusCodes.Status400BadRequest, Explain(json)),
        BadHttpRequestException bad when bad.Message.StartsWith("Implicit body", StringComparison.Ordinal) => (
            StatusCodes.Status400BadRequest, "The request has no JSON; /openapi/v1.json describes what is expected."),
        BadHttpRequestException bad => (bad.StatusCode, UnboundParameter().Replace(bad.Message, "'${name}' is '${value}'; expected a value of the kind ${type}.")),
        JsonException json => (StatusCodes.Status400BadRequest, Explain(json)),
        CommandException command => (StatusCodes.Status400BadRequest, command.Message),
        _ => (StatusCodes.Status500InternalServerError, "The server could not do it; its terminal shows why."),
    };

    // The serializer's own words name the types of this program, which say nothing to a sender.
    private static string Explain(JsonException json)
    {
        if (json.InnerException is JsonException)
        {
            return $"This is no JSON: {json.InnerException.Message}";
        }

        if (Missing().Match(json.Message) is { Success: true, Groups: [_, var names] })
        {
            return $"The JSON lacks {names.Value}.";
        }

        var expected = Kind().Match($"{json.Message} {json.InnerException?.Message}").Value switch
        {
            "System.Byte[]" => "base 64",
            "System.String" or "as a string" => "text",
            "System.Int32" or "as a number" => "a whole number",
            _ when json.Message.Contains(" null ", StringComparison.Ordinal) => "something other than null",
            _ => "something else",
        };
        return $"The JSON is not as expected at '{json.Path}': expected {expected}; /openapi/v1.json describes it.";
    }

    [GeneratedRegex(@"(?<=missing required properties including: )(.*)(?=\.)")]
    private static partial Regex Missing();

    [GeneratedRegex(@"^Failed to bind parameter ""(?:Nullable<)?(?<type>\w+)>? (?<name>\w+)"" from ""(?<value>.*)""\.$")]
    private static partial Regex UnboundParameter();

    [GeneratedRegex(@"System\.(?:Byte\[\]|String|Int32)|as a (?:string|number)")]
    private static partial Regex Kind();

    private static string Limit(HttpContext context) =>
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } bytes ? $"{bytes} bytes" : "its limit";
}
