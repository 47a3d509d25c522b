namespace TorchSharp.Modules;

/// <summary>Names a field's component where it is not the field's own name.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class ComponentNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
