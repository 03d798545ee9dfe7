using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace VendorPortal.Storage.Sqlite;

/// <summary>Hot reads: off the caller's thread, in one snapshot, stopped where the caller no longer waits.</summary>
internal static class SqliteReading
{
    // Microsoft.Data.Sqlite has no cancellation of its own. Its handle is of a newer SQLitePCLRaw.core than the compiler is given
    // (see SqliteNativeLibrary), so it is fetched by name; at run time both are one assembly.
    private static readonly PropertyInfo Handle = typeof(SqliteConnection).GetProperty(nameof(Handle))!;

    /// <summary>
    /// Runs <paramref name="read"/> on a connection whose queries all see the same state of the store. SQLite computes on the calling
    /// thread, so this takes a thread of the pool; cancellation interrupts the running query.
    /// </summary>
    public static Task<T> ReadAsync<T>(this PortalDatabase database, Func<DbConnection, T> read, CancellationToken ct) =>
        Task.Run(() => Read(database, read, ct), ct);

    /// <summary>The connection as SQLite's own functions know it.</summary>
    internal static SQLitePCL.sqlite3 HandleOf(DbConnection connection) => (SQLitePCL.sqlite3)Handle.GetValue(connection)!;

    private static T Read<T>(PortalDatabase database, Func<DbConnection, T> read, CancellationToken ct)
    {
        using var connection = SqlitePragmas.OpenReader(database.ConnectionString, ct);
        using var transaction = connection.BeginTransaction(deferred: true);
        var handle = HandleOf(connection);
        using var interrupt = ct.Register(() => SQLitePCL.raw.sqlite3_interrupt(handle));
        try
        {
            ct.ThrowIfCancellationRequested();
            return read(connection);
        }
        catch (SqliteException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
    }
}
