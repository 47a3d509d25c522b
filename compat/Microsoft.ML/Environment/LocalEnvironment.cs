using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// The environment behind an <see cref="MLContext"/>, and its child hosts. All hosts of one context share its listeners and
/// component catalog; the device choice and the temporary folder are handed down when a host is made.
/// </summary>
internal sealed class LocalEnvironment : IHost, IHostEnvironmentInternal, ICancelable
{
    private readonly LocalEnvironment _root;
    private readonly LocalEnvironment _parent;
    private readonly string _shortName;
    private readonly string _parentName;
    private readonly Random _random;
    private readonly object _lock = new();
    private readonly List<WeakReference<LocalEnvironment>> _children = new();
    private Action<string, ChannelMessage> _listener;

    public LocalEnvironment(int? seed = null)
    {
        _root = this;
        _random = seed is int value ? new Random(value) : new Random();
        Seed = seed;
        TempFilePath = Path.GetTempPath();
        ComponentCatalog = new ComponentCatalog();
    }

    private LocalEnvironment(LocalEnvironment parent, string shortName, Random random)
    {
        _root = parent._root;
        _shortName = shortName;
        _parent = parent;

        // Not the parent but its parent: log sources read so in the real library.
        _parentName = parent._parent?.FullName;
        _random = random;
        Seed = parent.Seed;
        TempFilePath = parent.TempFilePath;
        GpuDeviceId = parent.GpuDeviceId;
        FallbackToCpu = parent.FallbackToCpu;
        IsCanceled = parent.IsCanceled;
        ComponentCatalog = parent.ComponentCatalog;
    }

    public int? Seed { get; }

    public string TempFilePath { get; set; }

    public int? GpuDeviceId { get; set; }

    public bool FallbackToCpu { get; set; }

    public bool IsCanceled { get; private set; }

    public ComponentCatalog ComponentCatalog { get; }

    public Random Rand => _random;

    public string ContextDescription => FullName ?? "HostEnvironment";

    private string FullName => _parentName == null ? _shortName : $"{_parentName}; {_shortName}";

    public void AddListener(Action<string, ChannelMessage> listener) => _root._listener += listener;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            _children.RemoveAll(child => !child.TryGetTarget(out _));
            var host = new LocalEnvironment(this, name, new Random(seed ?? _random.Next()));
            _children.Add(new WeakReference<LocalEnvironment>(host));
            return host;
        }
    }

    public void CancelExecution()
    {
        lock (_lock)
        {
            foreach (var reference in _children)
            {
                if (reference.TryGetTarget(out var child))
                {
                    child.CancelExecution();
                }
            }

            _children.Clear();
            IsCanceled = true;
        }
    }

    public IChannel Start(string name) => new Channel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new SilentPipe<TMessage>(this);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new SilentProgress();
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex != null)
        {
            ex.Data["Throwing component"] = _shortName ?? "Environment";
            ex.Data["Parent component"] = _parentName;
            Contracts.Mark(ex);
        }

        return ex;
    }

    private void Dispatch(string source, ChannelMessage message) => _root._listener?.Invoke(source, message);

    /// <summary>Sends messages to the listeners of the context, with a note when it opens and closes.</summary>
    private sealed class Channel : IChannel
    {
        private readonly LocalEnvironment _host;
        private readonly string _source;
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private bool _disposed;

        public Channel(LocalEnvironment host, string name)
        {
            _host = host;
            _source = host.FullName == null ? name : $"{host.FullName}; {name}";
            Trace(MessageSensitivity.None, "Channel started");
        }

        public string ContextDescription => _source;

        public void Send(ChannelMessage msg) => _host.Dispatch(_source, msg);

        public TException Process<TException>(TException ex)
            where TException : Exception
            => _host.Process(ex);

        public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

        public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

        public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

        public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

        public void Dispose()
        {
            if (!_disposed)
            {
                _disposed = true;
                Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
                Trace(MessageSensitivity.None, "Channel disposed");
            }
        }
    }

    /// <summary>A pipe that nobody listens to.</summary>
    private sealed class SilentPipe<TMessage> : IPipe<TMessage>
    {
        private readonly LocalEnvironment _host;

        public SilentPipe(LocalEnvironment host) => _host = host;

        public string ContextDescription => _host.ContextDescription;

        public void Send(TMessage msg)
        {
        }

        public TException Process<TException>(TException ex)
            where TException : Exception
            => _host.Process(ex);

        public void Dispose()
        {
        }
    }

    /// <summary>Progress of an <see cref="MLContext"/> reaches nobody; only channels do.</summary>
    private sealed class SilentProgress : IProgressChannel
    {
        public IProgressChannel StartProgressChannel(string name) => new SilentProgress();

        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
        {
        }

        public void Checkpoint(params double?[] values)
        {
        }

        public void Dispose()
        {
        }
    }
}
