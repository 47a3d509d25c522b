using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace MLExt.Serve.Http;

/// <summary>Refuses query parameters that an address of the API does not have: a misspelt one would be lost.</summary>
internal static class QueryCheck
{
    /// <summary>Checks a request and passes it on.</summary>
    /// <exception cref="ProblemException">There is a parameter that nobody reads.</exception>
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Query.Count > 0 && context.GetEndpoint() is RouteEndpoint endpoint)
        {
            string[] known =
            [
                .. from parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
                   where (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string)) && endpoint.RoutePattern.GetParameter(parameter.Name) is null
                   select parameter.Name,
            ];
            if (context.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            {
                throw ProblemException.BadRequest($"There is no parameter '{unknown}' at this address; expected {(known.Length == 0 ? "none" : string.Join(" or ", known.Select(name => $"'{name}'")))}.");
            }
        }

        return next(context);
    }
}
