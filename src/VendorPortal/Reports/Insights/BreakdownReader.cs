using System.Data.Common;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Reports.Insights;

/// <summary>A value and its pulls; <paramref name="Of"/> is the artifact of a version, or the tool of a client's version.</summary>
public sealed record BreakdownItem(string Value, long Pulls, string? Of = null);

/// <summary>The values with the most pulls, how many values there are, and the pulls of all of them.</summary>
public sealed record BreakdownList(IReadOnlyList<BreakdownItem> Items, int Total, long Pulls);

/// <summary>What was pulled, from where, with what. <see cref="PullFilter.None"/> is what is unknown.</summary>
public sealed record Breakdown(
    BreakdownList Tags, BreakdownList Digests, BreakdownList Countries, BreakdownList Hosts, BreakdownList NetworkTypes, BreakdownList Tools, BreakdownList ToolVersions);

/// <summary>Counts what a filter keeps by the facts of its pulls, in one pass over the log and one over each dimension.</summary>
public sealed class BreakdownReader(PortalDatabase database)
{
    private static readonly OptionColumn[] Columns = [new(SegmentColumn.Version, null), new(SegmentColumn.Address, null), new(SegmentColumn.Client, null)];

    /// <summary>The lists with at most <paramref name="limit"/> values each, the most pulled first; all countries.</summary>
    public Task<Breakdown> ReadAsync(int vendorId, PullFilter filter, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.ReadLogAsync(
            vendorId,
            connection =>
            {
                var selection = PullSelector.Select(connection, vendorId, filter);
                var counts = selection.KeepsNothing ? [[], [], []] : ColumnCounts.Read(connection, selection, Columns);
                var facts = FactSums.Read(connection, vendorId, new Dictionary<FilterDimension, long[]>
                {
                    [FilterDimension.Client] = counts[2], [FilterDimension.Country] = counts[1], [FilterDimension.Host] = counts[1], [FilterDimension.NetworkType] = counts[1],
                });
                var versions = Versions(connection, vendorId, counts[0]);
                return new Breakdown(
                    List(versions.Where(item => !PullRows.IsDigest(item.Value)), limit), List(versions.Where(item => PullRows.IsDigest(item.Value)), limit),
                    Fact(FilterDimension.Country, int.MaxValue), Fact(FilterDimension.Host, limit), Fact(FilterDimension.NetworkType, limit), Fact(FilterDimension.Client, limit),
                    List(Tools(connection, vendorId, counts[2]), limit));

                BreakdownList Fact(FilterDimension dimension, int most) => List(facts[dimension].Select(fact => new BreakdownItem(fact.Key, fact.Value)), most);
            },
            ct);
    }

    private static BreakdownList List(IEnumerable<BreakdownItem> items, int limit)
    {
        var all = items.OrderByDescending(item => item.Pulls).ThenBy(item => item.Of, StringComparer.Ordinal).ThenBy(item => item.Value, StringComparer.Ordinal).ToList();
        return new BreakdownList(all.Count <= limit ? all : all.GetRange(0, limit), all.Count, all.Sum(item => item.Pulls));
    }

    private static List<BreakdownItem> Versions(DbConnection connection, int vendorId, long[] counts)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT v.Id, v.Name, a.Name FROM Versions v JOIN Artifacts a ON a.VendorId = v.VendorId AND a.Id = v.ArtifactId WHERE v.VendorId = @vendor";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        var items = new List<BreakdownItem>();
        while (reader.Read())
        {
            if (reader.GetInt32(0) + 1 is var place && place < counts.Length && counts[place] > 0)
                items.Add(new BreakdownItem(reader.GetString(1), counts[place], reader.GetString(2)));
        }

        return items;
    }

    // Several user agents may be the same version of a tool.
    private static IEnumerable<BreakdownItem> Tools(DbConnection connection, int vendorId, long[] counts)
    {
        var sums = new Dictionary<(string Tool, string Version), long>();
        if (counts.Length > 0 && counts[0] > 0)
            sums[(PullFilter.None, PullFilter.None)] = counts[0];
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id, Tool, ToolVersion FROM Clients WHERE VendorId = @vendor";
        command.Add("@vendor", vendorId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var place = reader.GetInt32(0) + 1;
            if (place >= counts.Length || counts[place] == 0)
                continue;
            var tool = (reader.IsDBNull(1) ? PullFilter.None : reader.GetString(1), reader.IsDBNull(2) ? PullFilter.None : reader.GetString(2));
            sums[tool] = sums.GetValueOrDefault(tool) + counts[place];
        }

        return sums.Select(sum => new BreakdownItem(sum.Key.Version, sum.Value, sum.Key.Tool));
    }
}
