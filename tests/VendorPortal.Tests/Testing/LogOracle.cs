using System.Data.Common;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Reports;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Testing;

/// <summary>Every output of the scan held against a plain pass over the rows that the same read transaction sees.</summary>
internal static class LogOracle
{
    public const int Vendor = 1;

    private static readonly SegmentColumn[] Columns = [.. Enumerable.Range(0, SegmentLimits.Dictionaries).Select(column => (SegmentColumn)column)];

    /// <summary>So many filters at random; the same seed gives the same.</summary>
    public static IReadOnlyList<PullFilter> Filters(int count, int seed) => [.. RandomLogs.Filter.Sample(count, new Rnd((ulong)seed), 50)];

    /// <summary>Compares all answers under a filter; they come from one snapshot.</summary>
    public static Task CheckAsync(PortalDatabase database, PullFilter filter, int pageSize = 7) =>
        database.ReadLogAsync(Vendor, connection => Check(connection, filter, pageSize), CancellationToken.None);

    private static int Check(DbConnection connection, PullFilter filter, int pageSize)
    {
        var rows = ReadRows(connection);
        var kept = rows.Where(row => RandomLogs.Keeps(filter, row.Pull)).ToList();
        var selection = PullSelector.Select(connection, Vendor, filter);
        CheckPages(connection, selection, kept, pageSize);

        var (sums, addresses, customers) = (NewSums(), new IdBits(), new IdBits());
        var series = new List<GrainSums>();
        LogScan.Each(
            connection, selection, () => (Sums: NewSums(), Addresses: new IdBits(), Customers: new IdBits(), Series: new List<GrainSums>()),
            (part, scan, segment) =>
            {
                scan.Count(segment, part.Sums);
                scan.Collect(segment, part.Addresses, part.Customers);
                scan.Trend(segment, part.Series);
            },
            part =>
            {
                for (var kind = 0; kind < sums.Length; kind++)
                    sums[kind] += part.Sums[kind];
                addresses.UnionWith(part.Addresses);
                customers.UnionWith(part.Customers);
                series.AddRange(part.Series);
            });
        Assert.Equal(Enumerable.Range(0, sums.Length).Select(kind => (long)kept.Count(row => (int)row.Pull.Kind == kind)), sums);
        Assert.Equal(Known(kept, SegmentColumn.Address), addresses.CountKnown());
        Assert.Equal(Known(kept, SegmentColumn.Customer), customers.CountKnown());
        Assert.Equal(
            kept.GroupBy(row => row.Pull.Id / SegmentLimits.Grain).OrderBy(group => group.Key).Select(group => (group.Key, (long)group.Count())),
            series.GroupBy(grain => grain.Grain).OrderBy(group => group.Key).Select(group => (group.Key, group.Sum(grain => Sum(grain.Pulls)))));
        CheckOptions(connection, filter, rows);
        SummaryAgreement.Check(connection, kept.ConvertAll(row => row.Pull), Vendor, filter);
        return kept.Count;
    }

    private static void CheckPages(DbConnection connection, PullSelection selection, List<Row> kept, int pageSize)
    {
        var expected = kept.Select(row => row.Pull.Id).ToList();
        Assert.Equal(expected, LogScan.NewestIds(connection, selection, int.MaxValue));
        for (var start = 0; start < Math.Min(expected.Count, 10 * pageSize); start += pageSize)
            Assert.Equal(expected.Skip(start).Take(pageSize), LogScan.NewestIds(connection, start == 0 ? selection : selection.Below(expected[start - 1]), pageSize));
    }

    // A dimension's own filter does not narrow its list.
    private static void CheckOptions(DbConnection connection, PullFilter filter, List<Row> rows)
    {
        var dimensions = Enum.GetValues<FilterDimension>();
        var selection = PullSelector.Select(connection, Vendor, filter, eachAlone: true);
        OptionColumn[] columns = [.. dimensions.Select(dimension => new OptionColumn(PullSelector.ColumnOf(dimension), selection.Filtered.GetValueOrDefault(dimension)))];
        var counts = columns.Select(_ => Array.Empty<long>()).ToArray();
        LogScan.Each(
            connection, selection, () => columns.Select(_ => Array.Empty<long>()).ToArray(),
            (part, scan, segment) => scan.Options(segment, columns, part),
            part => counts = [.. counts.Zip(part, (all, more) => Enumerable.Range(0, Math.Max(all.Length, more.Length)).Select(i => all.ElementAtOrDefault(i) + more.ElementAtOrDefault(i)).ToArray())]);
        for (var i = 0; i < columns.Length; i++)
        {
            var others = Without(filter, dimensions[i]);
            Assert.Equal(
                rows.Where(row => RandomLogs.Keeps(others, row.Pull)).GroupBy(row => row.Values[(int)columns[i].Column]).OrderBy(group => group.Key).Select(group => (group.Key, (long)group.Count())),
                counts[i].Select((count, place) => (Key: place - 1, count)).Where(option => option.count > 0));
        }
    }

    private static PullFilter Without(PullFilter filter, FilterDimension dimension) => filter.With(dimension, []).WithNot(dimension, []);

    private static long[] NewSums() => new long[Enum.GetValues<PullKind>().Length + 1];

    private static long Sum(KindSums pulls)
    {
        var sum = 0L;
        foreach (var count in pulls)
            sum += count;
        return sum;
    }

    private static long Known(List<Row> rows, SegmentColumn column) =>
        rows.Select(row => row.Values[(int)column]).Where(value => value != SegmentLimits.Unknown).Distinct().LongCount();

    // Newest first.
    private static List<Row> ReadRows(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT p.Id, p.Labels, p.Kind, p.ArtifactId, p.ClientId, p.CustomerId, p.UserId, p.VersionId, p.AddressId,
                a.Name, c.Name, u.Principal, v.Name, n.Value, n.Country, n.Host, n.NetworkType, t.UserAgent, t.Tool, t.ToolVersion
            FROM Pulls p
            LEFT JOIN Artifacts a ON a.VendorId = p.VendorId AND a.Id = p.ArtifactId
            LEFT JOIN Customers c ON c.VendorId = p.VendorId AND c.Id = p.CustomerId
            LEFT JOIN Users u ON u.VendorId = p.VendorId AND u.Id = p.UserId
            LEFT JOIN Versions v ON v.VendorId = p.VendorId AND v.Id = p.VersionId
            LEFT JOIN Addresses n ON n.VendorId = p.VendorId AND n.Id = p.AddressId
            LEFT JOIN Clients t ON t.VendorId = p.VendorId AND t.Id = p.ClientId
            WHERE p.VendorId = {Vendor} ORDER BY p.Id DESC
            """;
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            var values = Columns.Select(column => reader.IsDBNull((int)column + 1) ? SegmentLimits.Unknown : reader.GetInt32((int)column + 1)).ToArray();
            string? Text(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
            rows.Add(new Row(values, new LoggedPull
            {
                Id = reader.GetInt64(0), At = PullIds.TimeOf(reader.GetInt64(0)), Kind = (PullKind)values[(int)SegmentColumn.Kind],
                Artifact = Text(9)!, Customer = Text(10), User = Text(11), Version = Text(12)!,
                Address = reader.IsDBNull(13) ? null : IpAddressText.Format(reader.GetFieldValue<byte[]>(13)), Publisher = values[(int)SegmentColumn.Labels] != 0,
                Network = new NetworkFacts(Text(14), null, Text(15), Text(16)), Client = Text(17) is { } agent ? (agent, Text(18), Text(19)) : null,
            }));
        }

        return rows;
    }

    /// <summary>A row by numbers, in the order of the columns, and by names.</summary>
    private sealed record Row(int[] Values, LoggedPull Pull);
}

/// <summary>What the tables say of a vendor's segments.</summary>
internal sealed record SegmentState(long Segments, long Unfinished, long RowsInSegments, long RowsBelowNewest, long RowsAbove, long Changes)
{
    /// <summary>True where every pull below the newest segment's end is in a segment that nothing has to be added to.</summary>
    public bool IsWhole => Unfinished == 0 && RowsInSegments == RowsBelowNewest && Changes == 0;

    public static SegmentState Read(PortalDatabase database, int vendorId = LogOracle.Vendor)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            WITH s AS (SELECT * FROM PullSegments WHERE VendorId = {vendorId}), newest AS (SELECT COALESCE(max(LastId), -1) AS Id FROM s)
            SELECT (SELECT count(*) FROM s), (SELECT count(*) FROM s WHERE "Rows" < 1), (SELECT COALESCE(sum("Rows"), 0) FROM s),
                (SELECT count(*) FROM Pulls, newest WHERE VendorId = {vendorId} AND Pulls.Id <= newest.Id), (SELECT count(*) FROM Pulls, newest WHERE VendorId = {vendorId} AND Pulls.Id > newest.Id),
                (SELECT count(*) FROM PullSegmentChanges c JOIN s ON c.Id BETWEEN s.FirstId AND s.LastId WHERE c.VendorId = {vendorId})
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        return new SegmentState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
    }
}
