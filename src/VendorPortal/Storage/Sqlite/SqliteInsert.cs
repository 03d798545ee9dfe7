using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace VendorPortal.Storage.Sqlite;

/// <summary>
/// One prepared INSERT that is run for very many rows of numbers, in the transaction of its connection. Binding by position on the statement itself
/// takes a fraction of what parameters of ADO.NET take.
/// </summary>
internal sealed class SqliteInsert : IDisposable
{
    private readonly SQLitePCL.sqlite3 database;
    private readonly SQLitePCL.sqlite3_stmt statement;

    public SqliteInsert(SqliteConnection connection, string table, params ReadOnlySpan<string> columns)
    {
        database = SqliteReading.HandleOf(connection);
        var sql = $"INSERT INTO \"{table}\" (\"{string.Join("\", \"", columns)}\") VALUES ({string.Join(", ", Enumerable.Repeat("?", columns.Length))})";
        Check(sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <summary>Adds a row; a value of null is NULL.</summary>
    /// <exception cref="SqliteException">The row cannot be stored.</exception>
    public void Add(params ReadOnlySpan<long?> values)
    {
        for (var i = 0; i < values.Length; i++)
            Check(values[i] is { } value ? sqlite3_bind_int64(statement, i + 1, value) : sqlite3_bind_null(statement, i + 1));
        var result = sqlite3_step(statement);
        sqlite3_reset(statement);
        if (result != SQLITE_DONE)
            Check(result);
    }

    public void Dispose() => statement.Dispose();

    private void Check(int result)
    {
        if (result != SQLITE_OK)
            throw new SqliteException(sqlite3_errmsg(database).utf8_to_string(), result);
    }
}
