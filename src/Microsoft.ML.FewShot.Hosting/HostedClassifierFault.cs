namespace Microsoft.ML.FewShot.Hosting;

/// <summary>Why a request cannot be answered.</summary>
public enum HostedClassifierFault
{
    /// <summary>There is no classifier of the name.</summary>
    NotFound,

    /// <summary>There is one of the name already.</summary>
    Exists,

    /// <summary>The tenant would have more than it may.</summary>
    QuotaExceeded,

    /// <summary>The bytes are no classifier that can be loaded.</summary>
    BadModel,

    /// <summary>The image cannot be decoded.</summary>
    BadImage,

    /// <summary>Too many requests are waiting already.</summary>
    Busy,

    /// <summary>The store, or the silo on which the classifier lives, cannot be reached.</summary>
    Unavailable,
}
