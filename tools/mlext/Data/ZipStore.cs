using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.VisionCore.Interop;

namespace MLExt.Data;

/// <summary>
/// Image files in a zip file. Nothing is unpacked to the disk: an image is inflated into memory when it is asked for,
/// and never to more bytes than the archive's directory says it has.
/// </summary>
internal sealed class ZipStore : ImageStore
{
    /// <summary>Deflate cannot do better than this, so a directory that promises more is lying or overlaps itself.</summary>
    private const long LargestRatio = 1032;

    // That of the format's description.
    private const int UsualCodePage = 437;

    private readonly Lock _lock = new();
    private readonly ZipArchive _archive;
    private readonly ZipArchiveEntry[] _entries;

    private ZipStore(ZipArchive archive, ZipArchiveEntry[] entries)
    {
        _archive = archive;
        _entries = entries;
    }

    /// <summary>Finds the images.</summary>
    /// <exception cref="CommandException">It is no zip file, or one that should not be trusted.</exception>
    public static ZipStore Find(string file)
    {
        ZipArchive? archive = null;
        try
        {
            (archive, var page) = OpenArchive(file);
            var images = new SortedDictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
            var (others, dotted) = (new List<string>(), new SortedSet<string>(StringComparer.Ordinal));
            foreach (var entry in archive.Entries)
            {
                var path = entry.FullName.Replace('\\', '/');
                var parts = path.Split('/');
                var hidden = Array.FindIndex(parts, part => IsHidden(part) && part is not ".." and not ".");
                if (path.EndsWith('/') || hidden >= 0)
                {
                    if (hidden >= 0 && hidden < parts.Length - 1 && IsDotted(parts[hidden]) && !IsHidden(parts[^1]) && IsImage(parts[^1]))
                    {
                        dotted.Add(string.Join('/', parts[..(hidden + 1)]));
                    }

                    continue;
                }

                var name = Checked(file, entry, path);
                if (!IsImage(name))
                {
                    others.Add(name);
                }
                else if (!images.TryAdd(name, entry))
                {
                    throw new CommandException($"'{file}' is refused: two of its entries are called '{name}'.");
                }
            }

            others.Sort(StringComparer.Ordinal);
            CheckTotal(file, images.Values.Sum(e => e.Length));
            return new ZipStore(archive, [.. images.Values])
            {
                Location = file,
                Name = Path.GetFileNameWithoutExtension(file),
                Paths = [.. images.Keys],
                OtherPaths = others,
                DottedFolders = [.. dotted],
                CodePage = page,
            };
        }
        catch (InvalidDataException e)
        {
            archive?.Dispose();
            throw new CommandException($"'{file}' is neither a folder nor a readable zip file: {e.Message}", inner: e);
        }
        catch
        {
            archive?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override byte[] Read(int index)
    {
        lock (_lock)
        {
            try
            {
                return ZipEntry.Read(_entries[index]);
            }
            catch (InvalidDataException e)
            {
                throw new IOException($"in the archive, {e.Message}", e);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _archive.Dispose();

    // Names without the mark of UTF-8 may be UTF-8 all the same; where they are not, they are in the code page of the system that packed them, which is most often this one's.
    private static (ZipArchive Archive, int? CodePage) OpenArchive(string file)
    {
        RegularFile.Check(file);
        var archive = ZipFile.OpenRead(file);
        if (!archive.Entries.Any(entry => entry.FullName.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            return (archive, null);
        }

        archive.Dispose();
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(CultureInfo.CurrentUICulture.TextInfo.OEMCodePage) ?? CodePagesEncodingProvider.Instance.GetEncoding(UsualCodePage)!;
        return (ZipFile.Open(file, ZipArchiveMode.Read, encoding), encoding.CodePage);
    }

    private static string Checked(string file, ZipArchiveEntry entry, string path)
    {
        var parts = path.Split('/');
        if (path.StartsWith('/') || parts.Contains("..") || parts[0] is [var drive, ':'] && char.IsAsciiLetter(drive))
        {
            throw new CommandException($"'{file}' is refused: the name of its entry '{entry.FullName}' leads out of the archive.");
        }

        var name = string.Join('/', parts.Where(part => part is not "" and not "."));
        Check(file, entry, name);
        return name;
    }

    private static void Check(string file, ZipArchiveEntry entry, string name)
    {
        if (!IsImage(name))
        {
            return;
        }

        if (entry.IsEncrypted)
        {
            throw new CommandException($"'{file}' is refused: its entry '{entry.FullName}' is encrypted.");
        }

        if (entry.Length > LargestImage)
        {
            throw new CommandException(
                $"'{file}' is refused: its entry '{entry.FullName}' unpacks to {entry.Length} bytes; an image may have {LargestImage}.");
        }
    }

    private static void CheckTotal(string file, long unpacked)
    {
        var packed = new FileInfo(file).Length;
        if (unpacked / LargestRatio > packed)
        {
            throw new CommandException($"'{file}' is refused: {packed} bytes cannot hold the {unpacked} that its directory promises.");
        }
    }
}
