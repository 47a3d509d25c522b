using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MLExtensions.Testing;

/// <summary>
/// The rooms of a project, which are the folders of its source, and which of them know which. A room knows another where its code names a type that
/// is declared there; comments and text do not count. Names that several rooms declare are passed over.
/// </summary>
public static partial class SourceRooms
{
    /// <summary>What ties rooms into circles, one line for each type that is named across; nothing where the rooms can be put into an order.</summary>
    /// <param name="project">The project's folder below "src".</param>
    public static IReadOnlyList<string> Circles(string project)
    {
        var folder = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "src", project));
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Name: Path.GetFileName(path), Room: Path.GetRelativePath(folder, Path.GetDirectoryName(path)!), Code: CodeOf(File.ReadAllText(path))))
            .Where(file => file.Room.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")).ToArray();
        var homes = files.SelectMany(file => Declaration().Matches(file.Code), (file, declared) => (Type: declared.Groups[1].Value, file.Room)).Distinct()
            .GroupBy(one => one.Type).Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.Single().Room);
        var links = files.SelectMany(file => Word().Matches(file.Code).Select(word => word.Value).Distinct(), (file, word) => (file.Name, From: file.Room, Type: word))
            .Where(one => homes.TryGetValue(one.Type, out var home) && home != one.From)
            .Select(one => (one.From, To: homes[one.Type], Line: $"{one.From} -> {homes[one.Type]}: {one.Name} names {one.Type}")).ToArray();

        // Rooms that know no other, or only such rooms, are in no circle; those that none of the rest knows are in none either.
        var rooms = files.Select(file => file.Room).ToHashSet();
        while (rooms.RemoveWhere(room => !Inside().Any(link => link.From == room) || !Inside().Any(link => link.To == room)) > 0)
        {
        }

        return [.. Inside().Select(link => link.Line).Order(StringComparer.Ordinal)];

        IEnumerable<(string From, string To, string Line)> Inside() => links.Where(link => rooms.Contains(link.From) && rooms.Contains(link.To));
    }

    // The members of an enumeration may be called as types are.
    private static string CodeOf(string text) => Enumeration().Replace(TextAndComments().Replace(text, " "), "$1");

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"{3}.*?\"{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""", RegexOptions.Singleline)]
    private static partial Regex TextAndComments();

    [GeneratedRegex(@"(enum \w+)\s*\{[^}]*\}")]
    private static partial Regex Enumeration();

    [GeneratedRegex(@"^(?:[a-z]+ )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>?]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Word();
}
