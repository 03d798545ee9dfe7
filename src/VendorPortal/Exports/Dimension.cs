using System.Data.Common;
using VendorPortal.Enrichment;
using VendorPortal.Reports;
using VendorPortal.Segments;

namespace VendorPortal.Exports;

/// <summary>
/// A dimension of the log: where its rows are, and the columns of an export that are facts of them. A new fact of an address is a column in
/// its query and its place in the lists.
/// </summary>
/// <param name="Source">The column of a segment that holds its ids.</param>
/// <param name="Query">What is read of a row after its id, and from which table.</param>
/// <param name="Columns">What the texts are, in order.</param>
/// <param name="Read">The texts of a row, null where unknown; of no row where a pull has none.</param>
internal sealed record Dimension(SegmentColumn Source, (string Columns, string Table) Query, PullColumn[] Columns, Func<DbDataReader?, string?[]> Read)
{
    public static readonly Dimension Versions = new(
        SegmentColumn.Version, ("Name", "Versions"), [PullColumn.Version, PullColumn.Tag, PullColumn.Digest],
        row =>
        {
            var name = row is null ? "" : row.GetString(1);
            return PullRows.IsDigest(name) ? [name, null, name] : [name, name, null];
        });

    public static readonly IReadOnlyList<Dimension> All =
    [
        new(SegmentColumn.Customer, ("Name", "Customers"), [PullColumn.Customer], Texts(1)),
        new(SegmentColumn.User, ("Principal, Email", "Users"), [PullColumn.User, PullColumn.Email], Texts(2)),
        new(
            SegmentColumn.Address, ("Value, Country, Host, NetworkType", "Addresses"), [PullColumn.Address, PullColumn.Country, PullColumn.Host, PullColumn.NetworkType],
            row => [row is null ? null : IpAddressText.Format(row.GetFieldValue<byte[]>(1)), .. TextsAt(row, 2, 3)]),
        new(SegmentColumn.Artifact, ("Name", "Artifacts"), [PullColumn.Artifact], row => [row?.GetString(1) ?? ""]),
        Versions,
        new(SegmentColumn.Client, ("Tool, ToolVersion", "Clients"), [PullColumn.Client, PullColumn.ClientVersion], Texts(2)),
    ];

    private static Func<DbDataReader?, string?[]> Texts(int count) => row => [.. TextsAt(row, 1, count)];

    private static IEnumerable<string?> TextsAt(DbDataReader? row, int first, int count) =>
        Enumerable.Range(first, count).Select(i => row is null || row.IsDBNull(i) ? null : row.GetString(i));
}
