using System.Globalization;
using Microsoft.ML.FewShot.Hosting;
using Npgsql;
using StackExchange.Redis;

namespace MLExtensions.Serving;

/// <summary>Where the silos keep what they have.</summary>
/// <param name="text">It as <c>mlext serve --cluster</c> takes it.</param>
internal sealed class Store(string text)
{
    /// <summary>The word for a SQLite file of this run.</summary>
    internal const string Fresh = "sqlite";

    /// <summary>It as <c>mlext serve --cluster</c> takes it.</summary>
    internal string Text => text;

    /// <summary>What it is, without passwords.</summary>
    internal string Description { get; } = ClassifierStore.Parse(text).Description;

    /// <summary>The store that is meant.</summary>
    /// <param name="option">The word, or a whole store.</param>
    /// <param name="folder">The folder of this run.</param>
    internal static Store Of(string option, string folder) => new(option == Fresh ? $"{Fresh}:{Path.Combine(folder, "classifiers.db")}" : option);

    /// <summary>Whether <see cref="Of"/> knows what is meant.</summary>
    internal static bool IsStore(string option)
    {
        try
        {
            return option == Fresh || ClassifierStore.Parse(option) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Its bytes: of the file with what belongs to it, of the database, or of Redis' memory.</summary>
    internal async Task<long> Size() => text.Split(':', 2) switch
    {
        ["redis", var connection] => await Redis(connection).ConfigureAwait(false),
        ["postgresql", var connection] => await PostgreSql(connection).ConfigureAwait(false),
        [_, var file] => Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileName(file)}*").Sum(part => new FileInfo(part).Length),
        _ => throw new InvalidOperationException(text),
    };

    private static async Task<long> PostgreSql(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("SELECT pg_database_size(current_database())");
        return (long)(await command.ExecuteScalarAsync().ConfigureAwait(false))!;
    }

    private static async Task<long> Redis(string connection)
    {
        var options = ConfigurationOptions.Parse(connection);
        options.AllowAdmin = true;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
        var memory = await redis.GetServers()[0].InfoAsync("memory").ConfigureAwait(false);
        return long.Parse(memory.SelectMany(section => section).Single(pair => pair.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }
}
