using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.DataSets;

/// <summary>Images to train on.</summary>
internal static class DataSetEndpoints
{
    /// <summary>What a form may have beyond its file.</summary>
    private const long Envelope = 1 << 16;

    private static readonly FileExtensionContentTypeProvider Types = new() { Mappings = { [".jfif"] = "image/jpeg", [".jpe"] = "image/jpeg" } };

    /// <summary>Adds the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder app, ServeLimits limits)
    {
        var dataSets = app.MapGroup("/api/datasets").WithTags("Data sets");
        dataSets.MapPost("", Create).WithMetadata(new RequestSizeLimitAttribute(limits.UploadBytes + Envelope))
            .TakesDataSet().Produces<DataSetAnswer>(StatusCodes.Status201Created)
            .WithSummary("Opens a data set: a zip file in the field 'zip' of a form, or JSON with the path of a folder on this machine.");
        dataSets.MapGet("", (AppParts parts) => parts.DataSets.All.Select(dataSet => dataSet.Description)).WithSummary("The data sets that are kept.");

        var one = dataSets.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", (string id, AppParts parts) => parts.DataSets.Get(id).Description).WithSummary("A data set.");
        one.MapDelete("", Delete).WithSummary("Forgets a data set; a training that reads it goes on.");
        one.MapGet("/images/{number:int}", Image).WithSummary("An image as it is stored.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png", additionalContentTypes: ["image/jpeg", "image/gif", "image/bmp", "image/webp"]);
    }

    private static async Task<Created<DataSetAnswer>> Create(HttpRequest request, AppParts parts)
    {
        DataSet dataSet;
        if (MultipartFiles.IsForm(request))
        {
            dataSet = await ZipUpload.Read(request, parts).ConfigureAwait(false);
        }
        else if (request.HasJsonContentType())
        {
            dataSet = await Open(request, parts).ConfigureAwait(false);
        }
        else
        {
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType,
                $"Expected multipart/form-data, with a file in the field 'zip', or application/json with 'folder'; found '{request.ContentType}'.");
        }

        parts.DataSets.Add(dataSet);
        return TypedResults.Created($"/api/datasets/{dataSet.Id}", dataSet.Description);
    }

    private static async Task<DataSet> Open(HttpRequest request, AppParts parts)
    {
        if (!parts.Settings.IsLoopback)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "Folders of this machine are only opened for the machine itself; upload a zip file.");
        }

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = Envelope; // a zip file goes to the disk, JSON does not
        var asked = await request.ReadFromJsonAsync<FolderRequest>(request.HttpContext.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.BadRequest("The JSON is null; expected an object with 'folder'.");
        return Path.IsPathFullyQualified(asked.Folder)
            ? await Task.Run(() => DataSet.Open(asked.Folder, folder: null, parts.Settings.Limits)).ConfigureAwait(false)
            : throw ProblemException.BadRequest($"'{asked.Folder}' is no whole path; expected one that begins at the root.");
    }

    private static NoContent Delete(string id, AppParts parts)
    {
        parts.DataSets.Remove(id);
        return TypedResults.NoContent();
    }

    private static FileContentHttpResult Image(string id, int number, AppParts parts)
    {
        var dataSet = parts.DataSets.Get(id);
        using var use = dataSet.Use();
        if (use is null || number < 0 || number >= dataSet.Store.Paths.Count)
        {
            throw ProblemException.NotFound($"The data set has {dataSet.Store.Paths.Count} images, numbered from 0; there is no image {number}.");
        }

        var file = dataSet.Store.ReadAsStored(number, out var fault);
        if (fault is not null)
        {
            throw ProblemException.NotFound($"The image {number} of the data set, '{dataSet.Store.Paths[number]}', cannot be shown: {fault}.");
        }

        return TypedResults.File(file, Types.TryGetContentType(dataSet.Store.Paths[number], out var type) ? type : "application/octet-stream");
    }
}
