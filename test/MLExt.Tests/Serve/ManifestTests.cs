using k8s;
using k8s.Models;
using MLExt.Tests.Documentation;

namespace MLExt.Tests.Serve;

/// <summary>The manifest against the types that Kubernetes' schema gives its client, and against the app.</summary>
[TestClass]
public sealed class ManifestTests
{
    private static readonly string Manifest = RepositoryFiles.At("samples", "Kubernetes", "mlext.yaml");

    [TestMethod]
    public void EveryObjectHasOnlyFieldsThatItsKindHas()
    {
        var objects = KubernetesYaml.LoadAllFromString(File.ReadAllText(Manifest), strict: true);
        CollectionAssert.AreEqual(
            (Type[])[typeof(V1ServiceAccount), typeof(V1Role), typeof(V1RoleBinding), typeof(V1Deployment), typeof(V1Service)],
            objects.Select(one => one.GetType()).ToArray());

        var misspelt = File.ReadAllText(Manifest).Replace("containerPort: 8080", "containerport: 8080", StringComparison.Ordinal);
        Assert.Throws<Exception>(() => KubernetesYaml.LoadAllFromString(misspelt, strict: true));
    }

    [TestMethod]
    public void TheDeploymentStartsTheAppAsItsCommandLineIs()
    {
        var deployment = KubernetesYaml.LoadAllFromString(File.ReadAllText(Manifest), strict: true).OfType<V1Deployment>().Single();
        var container = deployment.Spec.Template.Spec.Containers.Single();
        var words = container.Args.Select(word => word.Replace("$(POD_IP)", "10.0.0.1", StringComparison.Ordinal)).ToArray();

        // The variable is the last that is looked at.
        StringAssert.Contains(Tool.Run(words).Expect(ExitCode.Failure).Error, "MLEXT_CLUSTER_CONNECTION");
        var ports = container.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        CollectionAssert.Contains(words, $"--port={ports["http"]}");
        Assert.AreEqual(11111, ports["silo"]);
        CollectionAssert.IsSubsetOf((string[])["POD_IP", "POD_NAME", "POD_NAMESPACE", "ORLEANS_SERVICE_ID", "ORLEANS_CLUSTER_ID"], container.Env.Select(variable => variable.Name).ToArray());
        CollectionAssert.IsSubsetOf((string[])["orleans/serviceId", "orleans/clusterId"], deployment.Spec.Template.Metadata.Labels.Keys.ToArray());
    }
}
