using EncodedImage = Microsoft.ML.VisionCore.Images.EncodedImage;
using MLExt.Data;

namespace MLExt.Serve.DataSets;

/// <summary>A store whose images are no larger than the app accepts: a larger one counts as an image that cannot be decoded. Owns the store.</summary>
internal sealed class GuardedStore : ImageStore
{
    private readonly ImageStore _inner;
    private readonly ServeLimits _limits;

    private GuardedStore(ImageStore inner, ServeLimits limits) => (_inner, _limits) = (inner, limits);

    /// <summary>Guards a store.</summary>
    /// <param name="store">The store; owned.</param>
    /// <param name="limits">What the app accepts.</param>
    public static GuardedStore Around(ImageStore store, ServeLimits limits) => new(store, limits)
    {
        Location = store.Location,
        Name = store.Name,
        Paths = store.Paths,
        DottedFolders = store.DottedFolders,
        OtherPaths = store.OtherPaths,
        UnreadableNames = store.UnreadableNames,
        CodePage = store.CodePage,
    };

    /// <inheritdoc/>
    public override byte[] Read(int index)
    {
        var file = _inner.Read(index);
        return file.Length > _limits.ImageBytes ? throw new IOException($"it has {file.Length} bytes; an image may have {_limits.ImageBytes}")
            : EncodedImage.ReadHeader(file) is var header && header.Pixels > _limits.ImagePixels
            ? throw new IOException($"it is {header.Width} x {header.Height} pixels; an image may have {_limits.ImagePixels} pixels")
            : file;
    }

    /// <summary>Reads an image file whatever it is, or says why it cannot.</summary>
    public byte[] ReadAsStored(int index, out string? fault) => _inner.TryRead(index, out fault);

    /// <inheritdoc/>
    public override void Dispose() => _inner.Dispose();
}
