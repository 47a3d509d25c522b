using System.Data.Common;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.Persistence;
using StackExchange.Redis;

namespace Microsoft.ML.FewShot.Hosting;

/// <summary>Where a cluster keeps its classifiers, and the list of its silos: a SQLite file on one machine, PostgreSQL or Redis.</summary>
public abstract class ClassifierStore
{
    /// <summary>What grains call it.</summary>
    internal const string StorageName = "classifiers";

    /// <summary>Under which the scripts keep their version among Orleans' statements.</summary>
    internal const string VersionKey = "MLExtensionsVersion";

    /// <summary>The version of the scripts: whoever changes one of them changes it, there too.</summary>
    internal const string Version = "1";

    private const string Forms = "sqlite:FILE, postgresql:CONNECTION or redis:CONNECTION";

    private protected ClassifierStore()
    {
    }

    /// <summary>What it is, without passwords.</summary>
    public abstract string Description { get; }

    /// <summary>A SQLite file, for the silos of one machine. It is made where it is missing; its folder must be there.</summary>
    /// <param name="file">The file.</param>
    public static ClassifierStore Sqlite(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        if (file.Contains("Password=", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("That is a connection string; expected a file.", nameof(file));
        }

        return new SqliteStore(Path.GetFullPath(file));
    }

    /// <summary>
    /// A PostgreSQL database. The tables are made where they are missing. A user who may not do that has them made with the script postgresql.sql, and needs the right to SELECT, INSERT,
    /// UPDATE and DELETE in them.
    /// </summary>
    /// <param name="connection">Npgsql's connection string, such as <c>Host=db;Database=classifiers;Username=mlext;Password=...</c></param>
    /// <exception cref="ArgumentException">That is no connection string.</exception>
    public static ClassifierStore PostgreSql(string connection) => new PostgreSqlStore(connection);

    /// <summary>A Redis server. It must be told to keep what it has: by default Redis may lose the last seconds when it ends.</summary>
    /// <param name="connection">StackExchange.Redis' configuration, such as <c>cache:6379,password=...</c></param>
    /// <exception cref="ArgumentException">That is no configuration.</exception>
    public static ClassifierStore Redis(string connection) => new RedisStore(connection);

    /// <summary>Reads <c>sqlite:FILE</c>, <c>postgresql:CONNECTION</c> or <c>redis:CONNECTION</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static ClassifierStore Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':', 2) switch
        {
            ["sqlite", var file] when !string.IsNullOrWhiteSpace(file) => Sqlite(file),
            ["postgresql", var connection] when !string.IsNullOrWhiteSpace(connection) => PostgreSql(connection),
            ["redis", var connection] when !string.IsNullOrWhiteSpace(connection) => Redis(connection),
            [("sqlite" or "postgresql" or "redis") and var kind, ..] => throw new ArgumentException($"There is nothing after '{kind}': expected {Forms}.", nameof(text)),
            // What it is is not said, for there may be a password in it.
            _ => throw new ArgumentException($"That is no store: expected {Forms}.", nameof(text)),
        };
    }

    /// <summary>Makes silos use it.</summary>
    internal abstract void Configure(ISiloBuilder silo);

    /// <summary>Makes what is missing in it. Several silos may do so at once.</summary>
    internal abstract Task Prepare(CancellationToken cancel);

    private protected static string Script(string name)
    {
        using var reader = new StreamReader(typeof(ClassifierStore).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private protected static void UseDatabase(ISiloBuilder silo, string invariant, string connection)
    {
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (invariant, connection));
        silo.AddAdoNetGrainStorage(StorageName, (OptionsBuilder<AdoNetGrainStorageOptions> builder) => builder.Configure<IServiceProvider>(
            (options, services) => (options.Invariant, options.ConnectionString, options.DeleteStateOnClear, options.GrainStorageSerializer) = (invariant, connection, true, Serializer(services))));
    }

    // The usual serializer writes JSON, in which model files are a third longer.
    private protected static OrleansGrainStorageSerializer Serializer(IServiceProvider services) => ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services);

    private sealed class SqliteStore(string file) : ClassifierStore
    {
        private const int SecondsToWait = 30;   // for another silo that writes
        private const int CannotOpen = 14;      // SQLITE_CANTOPEN

        private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = SecondsToWait }.ToString();

        public override string Description => $"SQLite file '{file}'";

        internal override void Configure(ISiloBuilder silo) => UseDatabase(silo, "System.Data.SQLite", _connection);

        internal override async Task Prepare(CancellationToken cancel)
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            {
                throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
            }

            if (Directory.Exists(file))
            {
                throw new IOException("That is a folder; expected a file.");
            }

            var connection = new SqliteConnection(_connection);
            await using var _ = connection.ConfigureAwait(false);
            try
            {
                await connection.OpenAsync(cancel).ConfigureAwait(false);
            }
            catch (SqliteException e) when (e.SqliteErrorCode == CannotOpen)
            {
                throw new IOException("The file cannot be opened, or made where it is missing. A silo must be able to write it, and others beside it.", e);
            }

            // So that readers need not wait for writers. It stays set in the file.
            await Execute(connection, "PRAGMA journal_mode = WAL;", cancel).ConfigureAwait(false);
            await Execute(connection, $"BEGIN IMMEDIATE; {Script("sqlite.sql")} COMMIT;", cancel).ConfigureAwait(false);
        }
    }

    private sealed class PostgreSqlStore : ClassifierStore
    {
        // Any number that no other program locks.
        private const long Lock = 0x4D4C457874436C73;

        private readonly NpgsqlConnectionStringBuilder _connection;

        public PostgreSqlStore(string connection)
        {
            try
            {
                _connection = new(connection);
            }
            catch (ArgumentException)
            {
                // Without the cause: it names what is no option, which may be the rest of a password with a semicolon.
                throw new ArgumentException("That is no connection string of PostgreSQL: one of its options is unknown or has no such value. Expected options such as Host=db;Username=mlext. " +
                    "A semicolon ends one, unless the value stands in quotes.", nameof(connection));
            }

            if (string.IsNullOrWhiteSpace(_connection.Host))
            {
                throw new ArgumentException("That is no connection string of PostgreSQL: it has no Host.", nameof(connection));
            }

            if (_connection.Host.Contains('@'))
            {
                throw new ArgumentException("That is no connection string of PostgreSQL: there is an @ in its Host. A user and a password have options of their own, Username and Password.", nameof(connection));
            }
        }

        public override string Description => $"PostgreSQL at {_connection.Host}, database '{_connection.Database ?? _connection.Username}'";

        internal override void Configure(ISiloBuilder silo) => UseDatabase(silo, "Npgsql", _connection.ConnectionString);

        internal override async Task Prepare(CancellationToken cancel)
        {
            var connection = new NpgsqlConnection(_connection.ConnectionString);
            await using var _ = connection.ConfigureAwait(false);
            await connection.OpenAsync(cancel).ConfigureAwait(false);
            if (await IsPrepared(connection, cancel).ConfigureAwait(false))
            {
                return;     // by somebody who may make tables, where this user may not
            }

            var transaction = await connection.BeginTransactionAsync(cancel).ConfigureAwait(false);
            await using var __ = transaction.ConfigureAwait(false);
            await Execute(connection, $"SELECT pg_advisory_xact_lock({Lock});", cancel).ConfigureAwait(false);
            await Execute(connection, Script("postgresql.sql"), cancel).ConfigureAwait(false);
            await transaction.CommitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a database has what the script of this version makes.</summary>
    private static async Task<bool> IsPrepared(NpgsqlConnection connection, CancellationToken cancel)
    {
        var command = connection.CreateCommand();
        await using var _ = command.ConfigureAwait(false);
        command.CommandText = $"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{VersionKey}'";
        try
        {
            return await command.ExecuteScalarAsync(cancel).ConfigureAwait(false) as string == Version;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    private sealed class RedisStore : ClassifierStore
    {
        private readonly ConfigurationOptions _connection;

        public RedisStore(string connection)
        {
            try
            {
                _connection = ConfigurationOptions.Parse(connection);
            }
            catch (ArgumentException)
            {
                // Without the cause: it names what is no option, which may be the rest of a password with a comma.
                throw new ArgumentException("That is no configuration of Redis: one of its options is unknown or has no such value. A comma ends an option, also within a password.", nameof(connection));
            }

            if (_connection.EndPoints.Count == 0 || _connection.EndPoints.OfType<DnsEndPoint>().Any(one => one.Host.AsSpan().ContainsAny(":@/")))
            {
                throw new ArgumentException("That is no configuration of Redis: expected an address and options, such as localhost:6379,password=...", nameof(connection));
            }
        }

        // The first alone: what follows a comma may be the rest of a password.
        public override string Description => $"Redis at {(_connection.EndPoints[0] is DnsEndPoint { Host: var host, Port: var port } ? $"{host}:{port}" : $"{_connection.EndPoints[0]}")}";

        internal override void Configure(ISiloBuilder silo)
        {
            silo.UseRedisClustering(options => options.ConfigurationOptions = _connection);
            silo.AddRedisGrainStorage(StorageName, (OptionsBuilder<RedisStorageOptions> builder) => builder.Configure<IServiceProvider>(
                (options, services) => (options.ConfigurationOptions, options.DeleteStateOnClear, options.GrainStorageSerializer) = (_connection, true, Serializer(services))));
        }

        internal override async Task Prepare(CancellationToken cancel)
        {
            try
            {
                var connection = await ConnectionMultiplexer.ConnectAsync(_connection).WaitAsync(cancel).ConfigureAwait(false);
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            catch (RedisConnectionException e) when (e.FailureType == ConnectionFailureType.UnableToConnect)
            {
                throw new IOException("No Redis server answers there.", e);     // its own message has advice for programmers
            }
        }
    }

    private static async Task Execute(DbConnection connection, string text, CancellationToken cancel)
    {
        var command = connection.CreateCommand();
        await using var _ = command.ConfigureAwait(false);
        command.CommandText = text;
        await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
    }
}
