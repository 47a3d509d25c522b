using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Classifiers;

/// <summary>The classifiers of the app, each with an id that its tenant has given it or that was made up.</summary>
internal interface IClassifiers
{
    /// <summary>All of a tenant.</summary>
    Task<IEnumerable<ClassifierAnswer>> List(string tenant);

    /// <summary>What is said of one.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    Task<ClassifierAnswer> Get(string tenant, string id);

    /// <summary>Keeps a new one, which is owned from now on.</summary>
    /// <exception cref="ProblemException">There is one with its id, or the tenant may have no more.</exception>
    Task Add(string tenant, StoredClassifier classifier);

    /// <summary>Puts one in the place of that with the same id. It is owned from now on.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    Task Replace(string tenant, StoredClassifier classifier);

    /// <summary>Forgets one.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    Task Remove(string tenant, string id);

    /// <summary>The model file.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    Task<byte[]> File(string tenant, string id);

    /// <summary>Says what an image shows.</summary>
    /// <param name="tenant">Whose classifier it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="read">Reads the image.</param>
    /// <param name="cancel">Leaves it undone.</param>
    /// <exception cref="ProblemException">There is no such classifier, or the image cannot be decoded.</exception>
    Task<PredictionAnswer> Predict(string tenant, string id, Func<Task<byte[]>> read, CancellationToken cancel);

    /// <summary>Does something else with one on the thread that uses models.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    Task<T> Use<T>(string tenant, string id, Func<ServedClassifier, T> use, CancellationToken cancel);
}
