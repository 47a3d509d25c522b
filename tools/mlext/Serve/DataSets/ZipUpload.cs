using Microsoft.AspNetCore.Http;
using MLExt.Serve.Http;

namespace MLExt.Serve.DataSets;

/// <summary>Takes a data set that is uploaded as a zip file. Nothing in it is unpacked to the disk.</summary>
internal static class ZipUpload
{
    private const string Field = "zip";

    /// <summary>Writes the file to the disk and opens it.</summary>
    /// <exception cref="ProblemException">It is missing, too large or no data set.</exception>
    public static async Task<DataSet> Read(HttpRequest request, AppParts parts)
    {
        var limits = parts.Settings.Limits;
        var folder = parts.Work.Make();
        try
        {
            var path = await Save(request, folder, limits.UploadBytes).ConfigureAwait(false);
            return await Task.Run(() => Open(path, folder, limits)).ConfigureAwait(false);
        }
        catch
        {
            WorkFolder.Delete(folder);
            throw;
        }
    }

    private static async Task<string> Save(HttpRequest request, string folder, long largest)
    {
        var cancel = request.HttpContext.RequestAborted;
        await foreach (var file in MultipartFiles.Read(request, cancel).ConfigureAwait(false))
        {
            if (file.Field != Field)
            {
                throw ProblemException.BadRequest($"Expected a file in the form's field '{Field}'; found the field '{file.Field}'.");
            }

            var name = SafeName.Of(Path.GetFileNameWithoutExtension(file.FileName.Replace('\\', '/')), "images");
            var path = Path.Combine(folder, name + ".zip");
            await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
            await BodyBytes.Copy(file.Content, target, largest, $"'{file.FileName}'", cancel).ConfigureAwait(false);
            return path;
        }

        throw ProblemException.BadRequest($"The form is empty; expected a file in the field '{Field}'.");
    }

    private static DataSet Open(string path, string folder, ServeLimits limits)
    {
        try
        {
            return DataSet.Open(path, folder, limits);
        }
        catch (CommandException e)
        {
            // Where uploads lie is nobody's business.
            throw ProblemException.BadRequest(e.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        }
    }
}
