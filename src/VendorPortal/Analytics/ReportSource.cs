using System.Data.Common;
using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Analytics;

/// <summary>
/// What a report is made of, in the snapshot of a connection: <paramref name="Publisher"/> is the vendor's name, and <paramref name="Artifacts"/> are those of the
/// namespace by their ids, at least one.
/// </summary>
internal sealed record ReportSource(int VendorId, string Publisher, ReportKey Key, IReadOnlyDictionary<int, string> Artifacts)
{
    /// <summary>Of rows of the log: downloads and version checks of customers. The same as <see cref="Filter"/> keeps.</summary>
    public static readonly string IsReported = string.Create(CultureInfo.InvariantCulture, $"Kind <> {(int)PullKind.Denied} AND Labels = {(int)PullLabels.None}");

    /// <summary>What the report counts, for readers that take a filter.</summary>
    public PullFilter Filter => Key.Period.ToFilter(Artifacts.Values, KindNames.PullByTag, KindNames.PullByDigest, KindNames.VersionCheck);

    /// <summary>Null where the vendor has no artifact of the namespace.</summary>
    public static ReportSource? Find(DbConnection connection, int vendorId, ReportKey key)
    {
        var artifacts = ReportCalendar.Artifacts(connection, vendorId, key.Namespace);
        if (artifacts.Count == 0)
            return null;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Name FROM Vendors WHERE Id = @vendor";
        command.Add("@vendor", vendorId);
        return new ReportSource(vendorId, (string)command.ExecuteScalar()!, key, artifacts);
    }

    /// <summary>The vendor and the range of ids of the period, as <c>@vendor</c>, <c>@first</c> and <c>@end</c>.</summary>
    public void AddRange(DbCommand command)
    {
        command.Add("@vendor", VendorId);
        command.Add("@first", PullIds.Bound(Key.Period.FromUtc));
        command.Add("@end", PullIds.Bound(Key.Period.ToUtc));
    }
}
