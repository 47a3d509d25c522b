namespace MLExt.Serve;

/// <summary>Media types of files to download.</summary>
internal static class FileKinds
{
    /// <summary>Zip files, ML.NET models among them.</summary>
    public const string Zip = "application/zip";

    /// <summary>ONNX graphs.</summary>
    public const string Onnx = "application/octet-stream";

    /// <summary>Pictures that the app draws.</summary>
    public const string Png = "image/png";

    /// <summary>Reports.</summary>
    public const string Html = "text/html; charset=utf-8";
}
