using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using MLExtensions.Testing;
using Npgsql;

namespace Microsoft.ML.FewShot.Hosting.Tests;

/// <summary>The stores: a SQLite file, and servers of PostgreSQL and Redis that are started when they are first asked for, with folders and ports of their own.</summary>
[TestClass]
public sealed class TestStores
{
    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgresql";
    public const string Redis = "redis";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private static readonly TemporaryFolder Folder = new();
    private static readonly List<Process> Servers = [];
    private static readonly Lazy<ClassifierStore> Database = new(StartPostgreSql);
    private static readonly Lazy<ClassifierStore> Cache = new(StartRedis);

    /// <summary>The way to the server of PostgreSQL, which has been started.</summary>
    public static string DatabaseConnection { get; private set; } = "";

    /// <summary>The SQLite file.</summary>
    public static string SqliteFile => Folder["classifiers.db"];

    /// <summary>One of the stores; the test is skipped where its server is not installed.</summary>
    public static ClassifierStore Open(string kind) => kind switch
    {
        Sqlite => ClassifierStore.Sqlite(SqliteFile),
        PostgreSql => Database.Value,
        _ => Cache.Value,
    };

    [AssemblyCleanup]
    public static void Stop()
    {
        foreach (var server in Servers)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        Folder.Dispose();
    }

    private static ClassifierStore StartRedis()
    {
        var port = FreePort.Find();
        Start(() => IsListening(port), Find("redis-server", "redis-server"), "--port", Text(port), "--bind", "127.0.0.1", "--dir", Directory.CreateDirectory(Folder["redis"]).FullName, "--save", "", "--appendonly", "yes");
        return ClassifierStore.Parse($"redis:127.0.0.1:{port}");
    }

    // The server refuses to be root; Debian's package makes the user.
    private static ClassifierStore StartPostgreSql()
    {
        var port = FreePort.Find();
        var data = Directory.CreateDirectory(Folder["postgresql"]).FullName;
        string[] prefix = [];
        if (Environment.IsPrivilegedProcess)
        {
            prefix = ["runuser", "-u", "postgres", "--"];
            Run("chmod", "o+x", Folder.Path);
            Run("chown", "postgres", data);
        }

        Run([.. prefix, Find("initdb", "postgresql"), "--auth=trust", "--username=tests", "--no-sync", "-D", data]);
        DatabaseConnection = $"Host=127.0.0.1;Port={port};Username=tests;Database=postgres";
        Start(() => IsAnswering(DatabaseConnection), [.. prefix, Find("postgres", "postgresql"), "-D", data, "-p", Text(port), "-k", data, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
        return ClassifierStore.Parse($"postgresql:{DatabaseConnection}");
    }

    private static void Run(params string[] line)
    {
        var run = ProgramRun.Of(new ProcessStartInfo(line[0], line[1..]) { WorkingDirectory = Folder.Path });
        Assert.AreEqual(0, run.ExitCode, $"{string.Join(' ', line)}: {run.Output}{run.Error}");
    }

    private static void Start(Func<bool> isReady, params string[] line)
    {
        var server = Process.Start(new ProcessStartInfo(line[0], line[1..]) { WorkingDirectory = Folder.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        Servers.Add(server);
        Assert.IsTrue(SpinWait.SpinUntil(isReady, LongestStart), $"{string.Join(' ', line)} does not answer.");
    }

    private static bool IsListening(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // It listens for a while before it takes connections.
    private static bool IsAnswering(string connection)
    {
        try
        {
            using var database = new NpgsqlConnection(connection);
            database.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string Find(string program, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : []);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new AssertInconclusiveException($"{program} is not installed (Debian's package {package}).");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
