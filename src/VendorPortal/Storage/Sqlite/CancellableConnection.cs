using Microsoft.Data.Sqlite;

namespace VendorPortal.Storage.Sqlite;

/// <summary>
/// A connection that knows whether its reader still waits. SQLite forgets an interrupt that comes between two statements, and a scan spends
/// most of its time there: it has to ask.
/// </summary>
internal sealed class CancellableConnection(string connectionString, CancellationToken ct) : SqliteConnection(connectionString)
{
    /// <exception cref="OperationCanceledException">The reader no longer waits.</exception>
    public void ThrowIfCancelled() => ct.ThrowIfCancellationRequested();
}
