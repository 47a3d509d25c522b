using System.IO.Hashing;
using Microsoft.ML;

namespace MLExt.Data;

/// <summary>A labelled image data set, or a part of one; owns nothing: the <see cref="ImageStore"/> it came from must outlive it.</summary>
internal sealed class ImageSet
{
    private readonly ImageStore _store;
    private readonly string[] _labels;
    private readonly int[] _images;
    private readonly UInt128[] _hashes;     // of the files that have been read; 0 for the others

    private ImageSet(ImageStore store, string[] labels, int[] images, UInt128[]? hashes = null)
    {
        _store = store;
        _labels = labels;
        _images = images;
        _hashes = hashes ?? new UInt128[labels.Length];
        Classes = [.. images.Select(i => labels[i]).Where(label => label.Length > 0).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Class names in ordinal order; images without a label have no part in them.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Number of images.</summary>
    public int Count => _images.Length;

    /// <summary>The classes with the number of their images.</summary>
    public IReadOnlyList<(string Name, int Images)> Sizes => [.. _images.CountBy(image => _labels[image]).Where(one => one.Key.Length > 0).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value))];

    /// <summary>Labels the images of a store by their folders.</summary>
    public static ImageSet Of(ImageStore store, IReadOnlySet<string>? known = null) =>
        new(store, ClassNames.Of(store, known), [.. Enumerable.Range(0, store.Paths.Count)]);

    /// <summary>Labels the images of a store by their folders, and leaves those in a folder for <see cref="UnlabelledFolder">unlabelled</see> ones without.</summary>
    /// <exception cref="CommandException">No image has a label.</exception>
    public static ImageSet OfSupport(ImageStore store)
    {
        var labelled = Enumerable.Range(0, store.Paths.Count).Where(i => !UnlabelledFolder.Holds(store.Paths[i])).ToArray();
        if (labelled.Length == 0)
        {
            throw new CommandException($"Every image in '{store.Location}' is unlabelled; a support set needs a folder of images for each class.");
        }

        var names = ClassNames.Of(store, [.. labelled.Select(i => store.Paths[i])]);
        var labels = Enumerable.Repeat("", store.Paths.Count).ToArray();
        for (var i = 0; i < labelled.Length; i++)
        {
            labels[labelled[i]] = names[i];
        }

        return new(store, labels, [.. Enumerable.Range(0, labels.Length)]);
    }

    /// <summary>Refuses a set of one class.</summary>
    /// <param name="purpose">What needs more.</param>
    /// <exception cref="CommandException">There is only one.</exception>
    public void CheckClasses(string purpose, int least = 2)
    {
        if (Classes.Count < least)
        {
            throw new CommandException($"'{_store.Location}' has the one class '{Classes[0]}'; {purpose} needs two or more. Every class needs a folder of its own.");
        }
    }

    /// <summary>Refuses a set that has nothing to decode.</summary>
    /// <exception cref="CommandException">No image can be decoded.</exception>
    public void CheckDecodable()
    {
        var faults = FindFaults().ToArray();
        if (faults.Length == Count && faults is [var (index, fault), ..])
        {
            throw new CommandException($"'{_store.Location}' has no image that can be decoded. '{Path(index)}': {fault}.");
        }
    }

    /// <summary>Class of an image; empty when it is not known.</summary>
    public string Label(int index) => _labels[_images[index]];

    /// <summary>Path of an image below the data set's root.</summary>
    public string Path(int index) => _store.Paths[_images[index]];

    /// <summary>Bytes of an image; none when its file cannot be read.</summary>
    public byte[] Read(int index) => Read(index, out _);

    /// <summary>Bytes of an image, or why there are none.</summary>
    public byte[] Read(int index, out string? fault)
    {
        var file = _store.TryRead(_images[index], out fault);
        if (file.Length > 0)
        {
            _hashes[_images[index]] = XxHash128.HashToUInt128(file);
        }

        return file;
    }

    /// <summary>The images whose files have been read, with hashes of these.</summary>
    public IEnumerable<(string Path, string Label, UInt128 Hash)> Seen =>
        _images.Where(image => _hashes[image] != 0).Select(image => (_store.Paths[image], _labels[image], _hashes[image]));

    /// <summary>The images that are no pictures, with what is wrong with each, in order; decodes as many as are asked for.</summary>
    public IEnumerable<(int Index, string Fault)> FindFaults() => Enumerable.Range(0, Count).AsParallel().AsOrdered()
        .WithMergeOptions(ParallelMergeOptions.NotBuffered)
        .Select(index => (index, Fault: _store.FindFault(_images[index])))
        .Where(one => one.Fault is not null).Select(one => (one.index, one.Fault!));

    /// <summary>The set without some images.</summary>
    public ImageSet Except(IReadOnlySet<int> indices) => new(_store, _labels, [.. _images.Where((_, index) => !indices.Contains(index))], _hashes);

    /// <summary>The images whose class passes a test.</summary>
    public ImageSet Where(Func<string, bool> isWanted) => new(_store, _labels, [.. _images.Where(i => isWanted(_labels[i]))], _hashes);

    /// <summary>
    /// Holds part of each class back, chosen at random: at least one image of every class that has two or more, and
    /// never all of a class.
    /// </summary>
    public (ImageSet Kept, ImageSet Held) Split(double fraction, int seed)
    {
        var random = new Random(seed);
        var held = new HashSet<int>();
        foreach (var ofClass in _images.GroupBy(i => _labels[i]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var shuffled = ofClass.ToArray();
            random.Shuffle(shuffled);
            var share = Math.Max(1, (int)Math.Round(fraction * shuffled.Length));
            held.UnionWith(shuffled.Take(Math.Min(share, shuffled.Length - 1)));
        }

        return (new(_store, _labels, [.. _images.Where(i => !held.Contains(i))], _hashes), new(_store, _labels, [.. _images.Where(held.Contains)], _hashes));
    }

    /// <summary>The data set as ML.NET sees it: rows of <see cref="ImageRow"/>, in order, read lazily and as often as asked.</summary>
    /// <param name="context">The context to load into.</param>
    /// <param name="onRead">Called after the bytes of an image were read; may be called from several threads.</param>
    public IDataView ToDataView(MLContext context, Action? onRead = null) => context.Data.LoadFromEnumerable(Rows(onRead));

    // One way to read for all: of a million rows each is small.
    private ImageRow[] Rows(Action? onRead)
    {
        Func<int, byte[]> read = ReadAndSay;
        return [.. Enumerable.Range(0, Count).Select(index => new ImageRow(Label(index), read, index))];

        byte[] ReadAndSay(int index)
        {
            var bytes = Read(index);
            onRead?.Invoke();
            return bytes;
        }
    }
}
