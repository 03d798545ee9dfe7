using System.Data.Common;
using System.Globalization;

namespace VendorPortal.Storage;

/// <summary>A statement that is prepared once and run many times; parameters are named <c>@p0</c>, <c>@p1</c>, … in order.</summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly DbCommand command;

    public PreparedStatement(DbConnection connection, string sql, int parameters)
    {
        command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{i}");
            parameter.Value = DBNull.Value;
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>The transaction the next runs belong to.</summary>
    public DbTransaction? Transaction
    {
        set => command.Transaction = value;
    }

    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    public DbDataReader Read(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return command.ExecuteReader();
    }

    public void Dispose() => command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
