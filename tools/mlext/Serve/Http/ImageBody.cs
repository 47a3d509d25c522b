using Microsoft.AspNetCore.Http;

namespace MLExt.Serve.Http;

/// <summary>Reads the one image of a request: the body itself, or the file "image" of a form.</summary>
internal static class ImageBody
{
    private const string Field = "image";

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="ProblemException">It is no image, too large, or not there.</exception>
    public static async Task<byte[]> Read(HttpRequest request, ServeLimits limits)
    {
        const string What = "The image";
        var cancel = request.HttpContext.RequestAborted;
        byte[]? image = null;
        if (MultipartFiles.IsForm(request))
        {
            await foreach (var file in MultipartFiles.Read(request, cancel).ConfigureAwait(false))
            {
                if (file.Field != Field || image is not null)
                {
                    throw ProblemException.BadRequest($"Expected one file in the form's field '{Field}'; found {(image is null ? $"the field '{file.Field}'" : "more")}.");
                }

                image = await file.ReadAsync(limits.ImageBytes, What, cancel).ConfigureAwait(false);
            }
        }
        else
        {
            image = await BodyBytes.Read(request.Body, limits.ImageBytes, What, cancel).ConfigureAwait(false);
        }

        ImageCheck.Check(image, limits, What);
        return image!;
    }
}
