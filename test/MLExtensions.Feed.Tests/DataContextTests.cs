using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLExtensions.Feed.Tests;

/// <summary>The context: its log, its device choice, its hosts.</summary>
[TestClass]
public sealed class DataContextTests
{
    [TestMethod]
    public void ChannelMessagesReachTheLog()
    {
        var context = new MLContext();
        var messages = new List<LoggingEventArgs>();
        context.Log += (_, message) => messages.Add(message);
        using (var channel = ((IHostEnvironment)context).Register("Host").Start("Work"))
        {
            channel.Info(MessageSensitivity.None, "{0} of {1}", 1, 2);
            channel.Warning(MessageSensitivity.None, "careful");
        }

        var info = messages.Single(message => message.Kind == ChannelMessageKind.Info);
        Assert.AreEqual("1 of 2", info.RawMessage);
        Assert.AreEqual("Host; Work", info.Source);
        Assert.AreEqual("[Source=Host; Work, Kind=Info] 1 of 2", info.Message);
        Assert.AreEqual("careful", messages.Single(message => message.Kind == ChannelMessageKind.Warning).RawMessage);
        Assert.AreEqual("Channel started", messages[0].RawMessage);
        Assert.AreEqual("Channel disposed", messages[^1].RawMessage);
        Assert.IsTrue(messages[^2].RawMessage.StartsWith("Channel finished. Elapsed ", StringComparison.Ordinal));
    }

    [TestMethod]
    public void SourcesOfNestedHostsNameTheHost()
    {
        var context = new MLContext();
        var sources = new List<string>();
        context.Log += (_, message) => sources.Add(message.Source);
        IHostEnvironment outer = ((IHostEnvironment)context).Register("Outer");
        outer.Register("Inner").Start("Work").Dispose();
        ((IHostEnvironment)context).Start("Root work").Dispose();
        CollectionAssert.AreEqual(new[] { "Inner; Work", "Root work" }, sources.Distinct().ToArray());
    }

    [TestMethod]
    public void NoGpuIsTheDefault()
    {
        var context = new MLContext();
        Assert.IsNull(context.GpuDeviceId);
        Assert.IsFalse(context.FallbackToCpu);
        context.GpuDeviceId = 1;
        context.FallbackToCpu = true;
        Assert.AreEqual(1, context.GpuDeviceId);
        Assert.IsTrue(context.FallbackToCpu);
    }

    [TestMethod]
    public void HostsOfASeededContextDrawTheSameNumbers()
    {
        static int[] Draw(MLContext context)
        {
            var host = ((IHostEnvironment)context).Register("Host");
            return [host.Rand.Next(), host.Register("Inner").Rand.Next(), ((IHostEnvironment)context).Register("Other").Rand.Next()];
        }

        CollectionAssert.AreEqual(Draw(new MLContext(3)), Draw(new MLContext(3)));
        CollectionAssert.AreNotEqual(Draw(new MLContext(3)), Draw(new MLContext(4)));
    }

    [TestMethod]
    public void ProgressChannelsStaySilent()
    {
        var context = new MLContext();
        var messages = 0;
        context.Log += (_, _) => messages++;
        using (var progress = ((IHostEnvironment)context).StartProgressChannel("Training"))
        {
            progress.SetHeader(new ProgressHeader(["Accuracy"], ["epochs"]), entry => entry.SetProgress(0, 1, 10));
            progress.Checkpoint(0.5, 1);
        }

        Assert.AreEqual(0, messages);
        CollectionAssert.AreEqual(new[] { "epochs" }, new ProgressHeader("epochs").UnitNames.ToArray());
    }

    [TestMethod]
    public void TheTemporaryFolderIsTheSystemsUntilItIsSet()
    {
        var context = new MLContext();
        Assert.AreEqual(Path.GetTempPath(), context.TempFilePath);
        context.TempFilePath = AppContext.BaseDirectory;
        Assert.AreEqual(AppContext.BaseDirectory, context.TempFilePath);
    }
}
