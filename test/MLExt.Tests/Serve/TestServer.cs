using MLExt.Serve;

namespace MLExt.Tests.Serve;

/// <summary>The app on a port that is free, with small limits and the model of <see cref="TrainedModel"/>; started once for all tests.</summary>
internal static class TestServer
{
    /// <summary>What the app accepts and keeps.</summary>
    public static readonly ServeLimits Limits = new()
    {
        UploadBytes = 400_000,
        ImageBytes = 20_000,
        ImagePixels = 100 * 100,
        Classes = 5,
        ImagesPerClass = 4,
        SupportBytes = 50_000,
        Classifiers = 3,
        DataSets = 3,
        Trainings = 2,
    };

    private static readonly Lazy<AppServer> Running = new(Start);
    private static readonly StringWriter Shown = new();

    /// <summary>A client of the app.</summary>
    public static Client Client => new(Running.Value.Address);

    /// <summary>The folder of uploads and trained models.</summary>
    public static string WorkFolder => Running.Value.WorkFolder;

    /// <summary>Ends the app.</summary>
    public static void Stop()
    {
        if (Running.IsValueCreated)
        {
            Running.Value.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static AppServer Start() => AppServer.Start(
        Terminal.Plain(Shown, Shown), new ServeSettings { Port = 0, ModelFile = TrainedModel.ModelFile, Limits = Limits }).GetAwaiter().GetResult();
}
