using System.Data.Common;
using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Testing;

/// <summary>Holds summaries against what a plain count of the same pulls comes to.</summary>
internal static class SummaryAgreement
{
    public static Task AssertAsync(TestStore store, IReadOnlyList<LoggedPull> pulls, int vendor, PullFilter filter) => store.Database.ReadLogAsync(
        vendor,
        connection =>
        {
            Check(connection, pulls, vendor, filter);
            return 0;
        },
        CancellationToken.None);

    /// <summary>The same of what the connection sees.</summary>
    public static void Check(DbConnection connection, IReadOnlyList<LoggedPull> pulls, int vendor, PullFilter filter)
    {
        foreach (var group in Enum.GetValues<SummaryGroup>())
        {
            foreach (var period in Enum.GetValues<SummaryPeriod>())
            {
                var lines = SummaryReader.Read(connection, vendor, filter, group, period);
                Assert.Equal(Expected(pulls, group, period), lines.SelectMany(Told));
            }
        }
    }

    private static IEnumerable<string> Expected(IReadOnlyList<LoggedPull> pulls, SummaryGroup group, SummaryPeriod period)
    {
        var groups = pulls.GroupBy(pull => (
            Namespace: group == SummaryGroup.Country ? "" : RandomLogs.NamespaceOf(pull.Artifact), Artifact: group is SummaryGroup.Namespace or SummaryGroup.Country ? null : pull.Artifact,
            Version: group == SummaryGroup.Version ? pull.Version : null, Country: group == SummaryGroup.Country ? pull.Network.Country ?? "" : null));
        foreach (var line in groups.OrderBy(g => g.Key.Country ?? g.Key.Artifact ?? g.Key.Namespace, StringComparer.Ordinal).ThenBy(g => g.Key.Version, StringComparer.Ordinal))
        {
            yield return $"{line.Key.Namespace} {line.Key.Artifact} {line.Key.Version} {line.Key.Country}: {Sums(line)}";
            foreach (var part in line.GroupBy(pull => StartOf(DateOnly.FromDateTime(pull.At), period)).OrderBy(part => part.Key))
                yield return $"{part.Key.ToString("O", CultureInfo.InvariantCulture)} {Sums(part)}";
        }
    }

    private static IEnumerable<string> Told(SummaryLine line) =>
        [$"{line.Namespace} {line.Artifact} {line.Version} {line.Country}: {Text(line.Whole)}", .. line.Periods.Select(part => $"{part.Start.ToString("O", CultureInfo.InvariantCulture)} {Text(part.Sums)}")];

    private static string Sums(IEnumerable<LoggedPull> pulls)
    {
        var all = pulls.ToList();
        return Text(new PullSums(
            all.Count(pull => pull.Kind == PullKind.PullByTag), all.Count(pull => pull.Kind == PullKind.PullByDigest), all.Count(pull => pull.Kind == PullKind.VersionCheck),
            all.Count(pull => pull.Kind == PullKind.Denied), all.Select(pull => pull.Address).OfType<string>().Distinct().Count()));
    }

    private static DateOnly StartOf(DateOnly day, SummaryPeriod period) =>
        period == SummaryPeriod.Month ? new DateOnly(day.Year, day.Month, 1) : day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static string Text(PullSums sums) => $"{sums.ByTag} {sums.ByDigest} {sums.Checks} {sums.Denied} {sums.UniqueAddresses}";
}
