using Microsoft.AspNetCore.Http;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Classifiers;

/// <summary>Reads a support set from a request: a form whose fields are named after the classes, or JSON.</summary>
internal static class SupportReader
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ProblemException">It makes no sense, or is too much.</exception>
    public static async Task<SupportUpload> Read(HttpRequest request, ServeLimits limits, int maxWays, int minWays)
    {
        var upload = new SupportUpload(limits, maxWays);
        if (MultipartFiles.IsForm(request))
        {
            await ReadForm(request, limits, upload).ConfigureAwait(false);
        }
        else if (request.HasJsonContentType())
        {
            await ReadJson(request, upload).ConfigureAwait(false);
        }
        else
        {
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType,
                $"Expected multipart/form-data, with files in fields named after their classes, or application/json; found '{request.ContentType}'.");
        }

        return upload.Complete(minWays);
    }

    private static async Task ReadForm(HttpRequest request, ServeLimits limits, SupportUpload upload)
    {
        var cancel = request.HttpContext.RequestAborted;
        await foreach (var file in MultipartFiles.Read(request, cancel).ConfigureAwait(false))
        {
            upload.Add(file.Field, await file.ReadAsync(limits.ImageBytes, upload.Next(file.Field.Normalize()), cancel).ConfigureAwait(false));
        }
    }

    private static async Task ReadJson(HttpRequest request, SupportUpload upload)
    {
        var support = await request.ReadFromJsonAsync<SupportRequest>(request.HttpContext.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.BadRequest("The JSON is null; expected an object with 'classes'.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in support.Classes)
        {
            if (one is null)
            {
                throw ProblemException.BadRequest("A class is null; expected an object with 'name' and 'images'.");
            }

            if (one.Name == SupportUpload.Unlabelled)
            {
                throw ProblemException.BadRequest($"'{one.Name}' is no name for a class; images without one are listed in 'unlabelled'.");
            }

            if (!names.Add(one.Name.Normalize()))
            {
                throw ProblemException.BadRequest($"There are two classes '{one.Name}'; expected each once, with all of its images.");
            }

            if (one.Images.Count == 0)
            {
                throw ProblemException.BadRequest($"The class '{one.Name}' has no images.");
            }

            foreach (var image in one.Images)
            {
                upload.Add(one.Name, image);
            }
        }

        foreach (var image in support.Unlabelled ?? [])
        {
            upload.Add(SupportUpload.Unlabelled, image);
        }
    }
}
