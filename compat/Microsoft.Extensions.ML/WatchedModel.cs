using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>A model in a file that may change while it is used.</summary>
internal sealed class WatchedModel
{
    private const int Tries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _file;
    private readonly ILogger _log;
    private FileSystemWatcher _watcher;

    public WatchedModel(string file, ILogger log)
    {
        if (!File.Exists(file))
        {
            throw new ArgumentException($"The provided model file {file} doesn't exist.");
        }

        (_file, _log) = (Path.GetFullPath(file), log);
    }

    /// <summary>What models are loaded into.</summary>
    public MLContext Context { get; } = new();

    /// <summary>Loads the file as it is now, waiting for whoever is writing it.</summary>
    public ITransformer Load()
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.Read);
                return Context.Model.Load(stream, out _);
            }
            catch (IOException) when (left > 1)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Has something done after each change. What goes wrong then is logged, and the model of before stays.</summary>
    public void Watch(Action whenChanged)
    {
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(_file), Path.GetFileName(_file));
        _watcher.Changed += (_, _) =>
        {
            try
            {
                whenChanged();
            }
            catch (Exception e)
            {
                _log.LogError(e, "File reload for '{FilePath}' threw an unhandled exception", _file);
            }
        };
        _watcher.EnableRaisingEvents = true;
    }
}
