namespace MLExtensions.FreshProcess;

internal sealed class Picture
{
    public byte[] Features { get; set; } = [];
}
