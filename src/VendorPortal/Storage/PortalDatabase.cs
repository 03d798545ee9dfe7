using Microsoft.Data.Sqlite;
using VendorPortal.Storage.Sqlite;

namespace VendorPortal.Storage;

/// <summary>The connections beside EF Core: hot reads and bulk writes go through ADO.NET.</summary>
public sealed class PortalDatabase(string connectionString, ILogger<PortalDatabase> logger)
{
    public string ConnectionString { get; } = connectionString;

    /// <summary>For what the store finds and mends by itself.</summary>
    internal ILogger Logger { get; } = logger;

    /// <summary>
    /// Held by whoever is writing in bulk. SQLite has one writer; waiting here is fair and immediate, waiting in the database is polling.
    /// </summary>
    public SemaphoreSlim WriteLock { get; } = new(1, 1);

    /// <summary>True where the store as a whole cannot be written now (locked by another process, full, failing), whatever was to be written.</summary>
    public static bool IsUnavailable(Exception error) =>
        error is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY };

    /// <summary>A connection for reading; dispose it to give it back to the pool.</summary>
    public SqliteConnection OpenReader() => SqlitePragmas.OpenReader(ConnectionString);

    /// <summary>A connection whose commits survive a power loss.</summary>
    public SqliteConnection OpenWriter() => SqlitePragmas.OpenWriter(ConnectionString);
}
