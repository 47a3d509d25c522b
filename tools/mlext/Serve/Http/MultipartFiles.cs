using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MLExt.Serve.Http;

/// <summary>The files of a form, one after another as they arrive.</summary>
internal static class MultipartFiles
{
    private const int LongestBoundary = 100;

    /// <summary>Whether a request is a form with files.</summary>
    public static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the files; each must be read before the next is asked for.</summary>
    /// <param name="request">A form.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ProblemException">It is damaged, or has fields that are no files.</exception>
    public static async IAsyncEnumerable<MultipartFile> Read(HttpRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var type = MediaTypeHeaderValue.Parse(request.ContentType);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > LongestBoundary)
        {
            throw ProblemException.BadRequest("The form has no boundary.");
        }

        var reader = new MultipartReader(boundary, request.Body) { HeadersLengthLimit = 16 << 10 };
        while (await Next(reader, cancel).ConfigureAwait(false) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFileDisposition())
            {
                throw ProblemException.BadRequest($"The form's field '{Unescape(disposition?.Name.Value)}' is no file; every field must be one.");
            }

            yield return new MultipartFile(Unescape(disposition.Name.Value), Unescape(disposition.FileName.Value), section.Body);
        }
    }

    private static async Task<MultipartSection?> Next(MultipartReader reader, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ProblemException.BadRequest($"The form is damaged: {e.Message}");
        }
    }

    /// <summary>Browsers write quotes and line ends in names this way.</summary>
    private static string Unescape(string? name) => HeaderUtilities.RemoveQuotes(name).Value?
        .Replace("%22", "\"", StringComparison.Ordinal)
        .Replace("%0D", "\r", StringComparison.OrdinalIgnoreCase)
        .Replace("%0A", "\n", StringComparison.OrdinalIgnoreCase) ?? "";
}
