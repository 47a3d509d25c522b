namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by name: the assembly that carries it may use the non-public members of the assembly it names.</summary>
/// <param name="assemblyName">Simple name of the assembly whose access checks do not apply.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>Simple name of the assembly whose access checks do not apply.</summary>
    public string AssemblyName { get; } = assemblyName;
}
