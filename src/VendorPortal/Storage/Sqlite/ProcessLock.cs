using Microsoft.Data.Sqlite;

namespace VendorPortal.Storage.Sqlite;

/// <summary>
/// A lock between processes on one store: a file beside the database that one process at a time holds open. The system releases it when
/// that process ends, however it ends.
/// </summary>
internal sealed class ProcessLock : IDisposable
{
    private readonly FileStream? file;

    private ProcessLock(FileStream? file) => this.file = file;

    /// <summary>Takes the lock, or returns null where it is held already. A store in memory belongs to one process anyway.</summary>
    public static ProcessLock? TryTake(string connectionString, string name)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.Mode == SqliteOpenMode.Memory || builder.DataSource is "" or ":memory:")
            return new ProcessLock(null);
        try
        {
            return new ProcessLock(new FileStream($"{builder.DataSource}-{name}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    public void Dispose() => file?.Dispose();
}
