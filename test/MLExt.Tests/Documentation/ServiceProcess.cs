using System.Diagnostics;

namespace MLExt.Tests.Documentation;

/// <summary>A sample that serves HTTP, in a process of its own that ends with this object.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listening = "Now listening on: ";
    private readonly Process _process;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    /// <summary>Sends requests to it.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts a service on a port that the system chooses, and waits until it listens.</summary>
    /// <param name="ofSample">A type of the sample.</param>
    /// <param name="folder">The folder to start it in.</param>
    /// <param name="args">Its arguments.</param>
    public static ServiceProcess Start(Type ofSample, string folder, params string[] args)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [ofSample.Assembly.Location, "--urls", "http://127.0.0.1:0", .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Split(Listening) is [_, var address])
            {
                _ = process.StandardOutput.ReadToEndAsync(); // whoever writes into a full pipe waits
                return new ServiceProcess(process, new Uri(address));
            }
        }

        process.WaitForExit();
        throw new InvalidOperationException($"The service ended with {process.ExitCode} before it listened.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
