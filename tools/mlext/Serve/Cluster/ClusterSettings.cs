using System.Net;

namespace MLExt.Serve.Cluster;

/// <summary>How to be a silo of a cluster.</summary>
/// <param name="Store">Where the cluster keeps its classifiers: <c>sqlite:FILE</c>, <c>postgresql:CONNECTION</c> or <c>redis:CONNECTION</c>.</param>
/// <param name="Address">The address at which other silos find this one.</param>
/// <param name="Port">The port at which they do; 0 for any that is free.</param>
/// <param name="TenantBytes">The most bytes of all classifiers of a tenant.</param>
internal sealed record ClusterSettings(string Store, IPAddress Address, int Port, long TenantBytes);
