namespace MLExtensions.Fuzz;

/// <summary>A row with an encoded image.</summary>
internal class Picture
{
    public byte[] Features { get; set; } = [];
}
