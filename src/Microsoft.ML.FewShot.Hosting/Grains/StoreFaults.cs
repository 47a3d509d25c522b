using System.Data.Common;
using StackExchange.Redis;

namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <summary>Exceptions of databases know no way to other silos: what their message says goes there as an <see cref="IOException"/>.</summary>
internal sealed class StoreFaults : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (context.Grain is ClassifierGrain or TenantGrain && e.GetBaseException() is DbException or RedisException)
        {
            throw new IOException(e.GetBaseException().Message);
        }
    }
}
