namespace Microsoft.ML.Runtime;

/// <summary>Names the component that an exception comes from.</summary>
public interface IExceptionContext
{
    /// <summary>What the context is.</summary>
    string ContextDescription { get; }

    /// <summary>Marks the exception and returns it.</summary>
    TException Process<TException>(TException ex)
        where TException : Exception;
}

/// <summary>Opens message channels.</summary>
public interface IChannelProvider : IExceptionContext
{
    /// <summary>Opens a channel for messages.</summary>
    IChannel Start(string name);

    /// <summary>Opens a typed pipe.</summary>
    IPipe<TMessage> StartPipe<TMessage>(string name);
}

/// <summary>What components run in: messages, progress, component look-up, child hosts.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    /// <summary>The components that can be made by name.</summary>
    ComponentCatalog ComponentCatalog { get; }

    /// <summary>A host for one component.</summary>
    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>The environment of one component.</summary>
public interface IHost : IHostEnvironment
{
    /// <summary>The component's random numbers.</summary>
    Random Rand { get; }
}

internal interface ICancelable
{
    bool IsCanceled { get; }

    void CancelExecution();
}

internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    string TempFilePath { get; set; }

    bool FallbackToCpu { get; set; }

    int? GpuDeviceId { get; set; }
}
