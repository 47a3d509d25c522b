using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

// Copies reference assemblies and lets FRIEND see their internals in the copies, as InternalsVisibleTo would:
//   FriendReferences FRIEND OUTPUT_FOLDER ASSEMBLY...
// An assembly that grants friendship to others holds their names in attribute blobs, with public keys of hundreds of characters. In the
// copy the first such blob is overwritten, in place, with our library's name. No access bit changes, so that a member is exactly as
// visible to us as to ML.NET's own assemblies, `private protected` included. The copies are for the compiler only.
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: FriendReferences FRIEND OUTPUT_FOLDER ASSEMBLY...");
    return 2;
}

Directory.CreateDirectory(args[1]);
foreach (var source in args[2..])
{
    var image = File.ReadAllBytes(source);
    if (FindGrant(image, args[0].Length + 5) is not { } grant)
    {
        Console.Error.WriteLine($"FriendReferences : error : {source} has no InternalsVisibleTo attribute with room for the name {args[0]}.");
        return 1;
    }

    WriteGrant(image.AsSpan(grant.Offset, grant.Length), args[0]);
    var target = Path.Combine(args[1], Path.GetFileName(source));
    var unfinished = $"{target}.{Environment.ProcessId}";
    File.WriteAllBytes(unfinished, image);
    File.Move(unfinished, target, overwrite: true);
}

return 0;

// Where the value of the assembly's first roomy InternalsVisibleTo attribute lies in the file.
static (int Offset, int Length)? FindGrant(byte[] image, int room)
{
    using var file = new PEReader(new MemoryStream(image));
    var metadata = file.GetMetadataReader();
    foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
    {
        var attribute = metadata.GetCustomAttribute(handle);
        if (!IsGrant(metadata, attribute)) continue;
        var value = metadata.GetBlobReader(attribute.Value);
        if (value.Length < room) continue;
        return (file.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.Blob) + HeapOffset(metadata, attribute.Value), value.Length);
    }

    return null;
}

static bool IsGrant(MetadataReader metadata, CustomAttribute attribute)
{
    if (attribute.Constructor.Kind != HandleKind.MemberReference) return false;
    var parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
    if (parent.Kind != HandleKind.TypeReference) return false;
    return metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) == "InternalsVisibleToAttribute";
}

static int HeapOffset(MetadataReader metadata, BlobHandle blob) => MetadataTokens.GetHeapOffset(blob) + LengthPrefix(metadata.GetBlobReader(blob).Length);

// A blob starts with its length, compressed to one, two or four bytes.
static int LengthPrefix(int length) => length < 0x80 ? 1 : length < 0x4000 ? 2 : 4;

// The value of an attribute with one string argument: 01 00, length, text, 00 00 for no named arguments; what follows is not read.
static void WriteGrant(Span<byte> value, string name)
{
    value.Clear();
    value[0] = 1;
    value[2] = (byte)name.Length;
    Encoding.ASCII.GetBytes(name, value[3..]);
}
