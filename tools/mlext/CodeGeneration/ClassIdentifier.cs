using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MLExt.CodeGeneration;

/// <summary>Makes names of C# classes from names that users give to models.</summary>
internal static partial class ClassIdentifier
{
    /// <summary>Appended where a name means something else already.</summary>
    private const string Suffix = "Model";

    /// <summary>Namespaces that a new console project imports in every file.</summary>
    private static readonly string[] Imported =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "Microsoft.ML", "Microsoft.ML.Data"];

    /// <summary>The class of a model: its name with a capital first letter, and '_' for what C# names cannot have.</summary>
    /// <param name="name">The name of the model; not empty.</param>
    /// <param name="code">The code that the class is to stand in; a word of it is not taken as the name.</param>
    public static string Of(string name, string code)
    {
        var letters = new StringBuilder(name.Length + 1);
        foreach (var letter in name.Normalize())
        {
            letters.Append(char.IsLetterOrDigit(letter) || letter == '_' || IsMark(letter) ? letter : '_');
        }

        if (!char.IsLetter(letters[0]) && letters[0] != '_')
        {
            letters.Insert(0, '_');
        }

        letters[0] = char.ToUpper(letters[0], CultureInfo.InvariantCulture);
        var identifier = letters.ToString();
        return Words().Matches(code).Any(word => word.Value == identifier) || IsKnownType(identifier) ? identifier + Suffix : identifier;
    }

    /// <summary>Whether a text is one C# name or several with dots between, none of them a keyword.</summary>
    public static bool IsNamespace(string text) => Namespaces().IsMatch(text) && !text.Split('.').Any(Keywords.Contains);

    // Vowels of many scripts.
    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsKnownType(string identifier) =>
        AppDomain.CurrentDomain.GetAssemblies().Any(assembly => Imported.Any(space => assembly.GetType($"{space}.{identifier}") is { IsPublic: true }));

    /// <summary>Words that stand neither in a comment nor behind a dot.</summary>
    [GeneratedRegex(@"//.*|(?<!\.\w*)\w+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^[\p{L}_][\w]*(\.[\p{L}_][\w]*)*$")]
    private static partial Regex Namespaces();

    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default",
        "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if",
        "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override",
        "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string",
        "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void",
        "volatile", "while",
    ];
}
