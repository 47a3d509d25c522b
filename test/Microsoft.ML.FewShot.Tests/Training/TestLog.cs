using Microsoft.ML.Runtime;

namespace Microsoft.ML.FewShot.Tests.Training;

/// <summary>A channel whose messages a test can read.</summary>
internal sealed class TestLog : IDisposable
{
    public TestLog()
    {
        var context = new MLContext(1);
        context.Log += (_, message) => Messages.Add(message.RawMessage);
        Channel = ((IHostEnvironment)context).Start("Test");
    }

    public IChannel Channel { get; }

    public List<string> Messages { get; } = [];

    public void Dispose() => Channel.Dispose();
}
