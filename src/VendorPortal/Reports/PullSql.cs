using System.Data.Common;
using System.Text;

namespace VendorPortal.Reports;

/// <summary>The one place where a selection becomes SQL. Every value from outside is a parameter; our own ids are written out.</summary>
internal static class PullSql
{
    // Above this a set is looked up within the query: a statement has limits, and so has the patience of its parser.
    private const int MaxWrittenIds = 1000;

    /// <summary>
    /// A command over the pulls <c>p</c> that a selection keeps. <paramref name="text"/> gets the condition, to be put after <c>WHERE</c>.
    /// </summary>
    public static DbCommand Command(DbConnection connection, PullSelection selection, Func<string, string> text)
    {
        var command = connection.CreateCommand();
        command.Add("@vendor", selection.VendorId);
        command.Add("@firstId", selection.FirstId);
        command.Add("@endId", selection.EndId);
        var where = new StringBuilder("p.VendorId = @vendor AND p.Id >= @firstId AND p.Id < @endId");
        Keep(command, where, "ArtifactId", selection.Artifacts);
        Keep(command, where, "VersionId", selection.Versions);
        Keep(command, where, "CustomerId", selection.Customers);
        Keep(command, where, "UserId", selection.Users);
        Keep(command, where, "AddressId", selection.Addresses);
        if (selection.Kinds is { } kinds)
            where.Append(" AND p.Kind IN (").AppendJoin(',', kinds.Select(kind => (int)kind)).Append(')');
        if (selection.Publishers != PublisherPulls.Include)
            where.Append(" AND p.Labels ").Append(selection.Publishers == PublisherPulls.Exclude ? "= 0" : "<> 0");
        command.CommandText = text(where.ToString());
        return command;
    }

    public static void Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static void Keep(DbCommand command, StringBuilder where, string column, IdSet? set)
    {
        if (set is null)
            return;
        where.Append(" AND (");
        if (set.Ids.Length > MaxWrittenIds)
        {
            where.Append("p.").Append(column).Append(" IN (").Append(set.Source.Sql).Append(')');
            foreach (var (name, value) in set.Source.Parameters)
                command.Add(name, value);
        }
        else if (set.Ids.Length > 0)
        {
            where.Append("p.").Append(column).Append(" IN (").AppendJoin(',', set.Ids).Append(')');
        }

        if (set.OrUnknown)
            where.Append(set.Ids.Length > 0 ? " OR " : "").Append("p.").Append(column).Append(" IS NULL");
        where.Append(')');
    }
}
