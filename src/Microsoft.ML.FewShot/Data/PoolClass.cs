namespace Microsoft.ML.FewShot.Data;

/// <summary>A class of an <see cref="ExamplePool"/>.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Group">What it belongs to, such as an alphabet; null where nothing is known.</param>
/// <param name="Examples">The numbers of its examples in the pool.</param>
internal sealed record PoolClass(string Name, string? Group, int[] Examples)
{
    /// <summary>The group that a class name tells: what stands before the last slash, or null.</summary>
    public static string? GroupOf(string name) => name.LastIndexOf('/') is > 0 and var end ? name[..end] : null;
}
