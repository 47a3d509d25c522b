using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Tests.Training;

/// <summary>A channel whose messages a test can read.</summary>
internal sealed class TestLog : IDisposable
{
    public TestLog()
    {
        Context = new MLContext(1);
        Context.Log += (_, message) => Messages.Add((message.Kind, message.RawMessage));
        Channel = ((IHostEnvironment)Context).Start("Test");
    }

    public MLContext Context { get; }

    public IChannel Channel { get; }

    public List<(ChannelMessageKind Kind, string Text)> Messages { get; } = [];

    public string[] Of(ChannelMessageKind kind) => [.. Messages.Where(message => message.Kind == kind).Select(message => message.Text)];

    public void Dispose() => Channel.Dispose();
}
