using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VendorPortal.Storage.Sqlite;

/// <summary>The settings every connection gets; the figures behind them are in docs/decisions.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    // page_size acts only before the first table; journal_mode is kept in the file.
    // Reading maps the file, up to 2 GB of it: columns of segments then cross from the system's cache once, and not page by page.
    private const string Reader =
        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY; " +
        "PRAGMA cache_size=-8192; PRAGMA mmap_size=2147418112; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;";

    private const string Writer = Reader + " PRAGMA mmap_size=0; PRAGMA cache_size=-65536;";

    private const string RepeatableWriter = Writer + " PRAGMA synchronous=NORMAL;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply((SqliteConnection)connection, Reader);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply((SqliteConnection)connection, Reader);
        return Task.CompletedTask;
    }

    /// <summary>Opens a connection for hot reads.</summary>
    public static SqliteConnection OpenReader(string connectionString) => Open(new SqliteConnection(connectionString), Reader);

    /// <summary>Opens a connection for hot reads that end where <paramref name="ct"/> says so.</summary>
    public static SqliteConnection OpenReader(string connectionString, CancellationToken ct) => Open(new CancellableConnection(connectionString, ct), Reader);

    /// <summary>
    /// Opens a connection for bulk writes: <c>synchronous=FULL</c>, so that what was committed survives a power loss.
    /// </summary>
    public static SqliteConnection OpenWriter(string connectionString) => Open(new SqliteConnection(connectionString), Writer);

    /// <summary>Opens a connection for bulk writes that need no flush of their own: <c>synchronous=NORMAL</c>, flushed with the next durable commit.</summary>
    public static SqliteConnection OpenRepeatableWriter(string connectionString) => Open(new SqliteConnection(connectionString), RepeatableWriter);

    private static SqliteConnection Open(SqliteConnection connection, string pragmas)
    {
        try
        {
            connection.Open();
            Apply(connection, pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Apply(SqliteConnection connection, string pragmas)
    {
        // EF Core asks whether the database exists over a read-only connection, which may change nothing.
        if (connection.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase))
            return;
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }
}
