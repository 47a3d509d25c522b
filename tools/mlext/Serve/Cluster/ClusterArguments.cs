using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using MLExt.Commands;

namespace MLExt.Serve.Cluster;

/// <summary>The options of <c>mlext serve</c> that make the app a silo of a cluster.</summary>
internal sealed class ClusterArguments
{
    /// <summary>Where the connection stands that --cluster does not say: what the command line says can be read by every user of the machine.</summary>
    private const string Variable = "MLEXT_CLUSTER_CONNECTION";

    private const int UsualPort = 11111;
    private const int Mega = 1 << 20;
    private const int UsualMegabytes = 1024;

    private readonly Option<string?> _store = new("--cluster")
    {
        HelpName = "STORE",
        Description = "Keep generated classifiers in a store that other processes with the same option share, and answer for each other: sqlite:FILE on one machine, "
            + $"postgresql:CONNECTION or redis:CONNECTION on many. Without a connection it is that of the variable {Variable}.",
    };

    private readonly Option<string> _address = new("--silo-address")
    {
        HelpName = "ADDRESS",
        Description = "With --cluster: the IP address of this machine at which the other processes find this one. Nothing asks for a password there.",
        DefaultValueFactory = _ => ServeSettings.Loopback,
    };

    private readonly Option<int?> _port = new Option<int?>("--silo-port")
    {
        HelpName = "N",
        Description = "With --cluster: the port at which they do; 0 for any that is free.",
        DefaultValueFactory = _ => UsualPort,
    }.AtLeast(0);

    private readonly Option<int?> _stored = new Option<int?>("--max-stored")
    {
        HelpName = "MB",
        Description = "With --cluster: the most that all classifiers of a tenant may have together, in MB.",
        DefaultValueFactory = _ => UsualMegabytes,
    }.AtLeast(1);

    /// <summary>Makes the options.</summary>
    public ClusterArguments()
    {
        _address.Validators.Add(CheckAddress);
        _port.Validators.Add(CheckPort);
    }

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_store, _address, _port, _stored];

    /// <summary>Whether there is to be a cluster.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_store) is not null;

    /// <summary>How to be a silo; null for not at all.</summary>
    /// <exception cref="CommandException">An option is there that only a cluster has.</exception>
    public ClusterSettings? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_store) is not { } store)
        {
            return All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } without
                ? throw new CommandException($"{without.Name} needs --cluster.") : null;
        }

        if (!store.Contains(':', StringComparison.Ordinal))
        {
            var connection = Environment.GetEnvironmentVariable(Variable);
            if (string.IsNullOrWhiteSpace(connection))
            {
                throw new CommandException($"--cluster {store} has no connection: expected sqlite:FILE, postgresql:CONNECTION or redis:CONNECTION, or the connection in the environment variable {Variable}.");
            }

            store = connection.StartsWith($"{store}:", StringComparison.Ordinal) ? connection : $"{store}:{connection}";
        }

        return new ClusterSettings(store, IPAddress.Parse(parsed.GetRequiredValue(_address)), (int)parsed.GetRequiredValue(_port)!, (long)parsed.GetRequiredValue(_stored)! * Mega);
    }

    private static void CheckAddress(OptionResult result)
    {
        if (result.Tokens is [.., var last] && !IPAddress.TryParse(last.Value, out _))
        {
            result.AddError($"--silo-address must be an IP address; it is '{last.Value}'.");
        }
    }

    private static void CheckPort(OptionResult result)
    {
        if (result.Tokens is [.., var last] && int.TryParse(last.Value, out var port) && port > IPEndPoint.MaxPort)
        {
            result.AddError($"--silo-port must be at most {IPEndPoint.MaxPort}; it is {port}.");
        }
    }
}
