using MLExt.Data;
using MLExt.Serve.Contract;

namespace MLExt.Serve.DataSets;

/// <summary>
/// A data set that the app keeps. Whoever reads its images holds it by <see cref="Use"/>: it is closed, and its upload deleted, when it has been
/// disposed of and nobody holds it any more.
/// </summary>
internal sealed class DataSet : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string? _folder;
    private int _users = 1;
    private bool _isDisposed;

    private DataSet(string id, GuardedStore store, ImageSet images, DividedDataSet? divided, string? folder)
    {
        Id = id;
        Store = store;
        Images = images;
        _folder = folder;
        Description = DataSetLook.At(id, store, images, divided);
    }

    /// <summary>What its address ends with.</summary>
    public string Id { get; }

    /// <summary>The image files.</summary>
    public GuardedStore Store { get; }

    /// <summary>The images with their labels, in the order of the files.</summary>
    public ImageSet Images { get; }

    /// <summary>What is said of it.</summary>
    public DataSetAnswer Description { get; }

    /// <summary>Whether it was uploaded, so that its place says nothing to its owner.</summary>
    public bool IsUpload => _folder is not null;

    /// <summary>Opens a folder or a zip file.</summary>
    /// <param name="location">The path.</param>
    /// <param name="folder">A folder to delete at the end, or null. It is left to the caller if this fails.</param>
    /// <param name="limits">What the app accepts.</param>
    /// <exception cref="CommandException">Nothing is there, it cannot be read, or it holds no images in class folders.</exception>
    /// <exception cref="Http.ProblemException">There are too many classes.</exception>
    public static DataSet Open(string location, string? folder, ServeLimits limits)
    {
        var whole = ImageStore.Open(location);
        try
        {
            // Of a divided data set the app knows the part to train on; what is to be measured on it holds back itself.
            var divided = DividedDataSet.Of(whole);
            var store = GuardedStore.Around(divided?.Training ?? whole, limits);
            var images = ImageSet.Of(store);
            return images.Classes.Count <= limits.Classes ? new DataSet(NewId.Make(), store, images, divided, folder)
                : throw Http.ProblemException.TooLarge($"The data set has {images.Classes.Count} classes; at most {limits.Classes} are accepted.");
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Holds the data set open.</summary>
    /// <returns>Dispose of it to let go; null where the data set is closed already.</returns>
    public IDisposable? Use()
    {
        lock (_lock)
        {
            if (_users == 0)
            {
                return null;
            }

            _users++;
            return new Holder(this);
        }
    }

    /// <summary>Closes the data set as soon as nobody holds it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        Release();
    }

    private void Release()
    {
        lock (_lock)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        Store.Dispose();
        if (_folder is not null)
        {
            WorkFolder.Delete(_folder);
        }
    }

    private sealed class Holder(DataSet dataSet) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                dataSet.Release();
            }
        }
    }
}
