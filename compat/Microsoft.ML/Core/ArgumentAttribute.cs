namespace Microsoft.ML.CommandLine;

[Flags]
internal enum ArgumentType
{
    AtMostOnce = 0x00,
    Required = 0x01,
    Unique = 0x02,
    Multiple = 0x04,
    LastOccurrenceWins = Multiple,
    MultipleUnique = Multiple | Unique,
}

/// <summary>Describes an option of a component.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal class ArgumentAttribute : Attribute
{
    public ArgumentAttribute(ArgumentType type)
    {
        Type = type;
        SortOrder = 150;
    }

    public enum VisibilityType
    {
        Everywhere,
        CmdLineOnly,
        EntryPointsOnly,
    }

    public ArgumentType Type { get; }

    public string ShortName { get; set; }

    public string Name { get; set; }

    public string HelpText { get; set; }

    public double SortOrder { get; set; }

    public VisibilityType Visibility { get; set; }
}
