using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Reports;

namespace VendorPortal.Tests.Testing;

/// <summary>Holds summaries against what a plain count of the same pulls comes to.</summary>
internal static class SummaryAgreement
{
    public static async Task AssertAsync(TestStore store, IReadOnlyList<LoggedPull> pulls, int vendor, PullFilter filter)
    {
        var reader = new SummaryReader(store.Database);
        foreach (var group in Enum.GetValues<SummaryGroup>())
        {
            foreach (var period in Enum.GetValues<SummaryPeriod>())
            {
                var lines = await reader.ReadAsync(vendor, filter, group, period, CancellationToken.None);
                Assert.Equal(Expected(pulls, group, period), lines.SelectMany(Told));
            }
        }
    }

    private static IEnumerable<string> Expected(IReadOnlyList<LoggedPull> pulls, SummaryGroup group, SummaryPeriod period)
    {
        var groups = pulls.GroupBy(pull => (
            Artifact: group switch { SummaryGroup.Namespace => pull.Artifact.Split('/')[0], SummaryGroup.Country => pull.Network.Country ?? "", _ => pull.Artifact },
            Version: group == SummaryGroup.Version ? pull.Version : null));
        foreach (var line in groups.OrderBy(g => g.Key.Artifact, StringComparer.Ordinal).ThenBy(g => g.Key.Version, StringComparer.Ordinal))
        {
            yield return $"{line.Key.Artifact} {line.Key.Version}: {Sums(line)}";
            foreach (var part in line.GroupBy(pull => StartOf(DateOnly.FromDateTime(pull.At), period)).OrderBy(part => part.Key))
                yield return $"{part.Key.ToString("O", CultureInfo.InvariantCulture)} {Sums(part)}";
        }
    }

    private static IEnumerable<string> Told(SummaryLine line) =>
        [$"{line.Artifact} {line.Version}: {Text(line.Whole)}", .. line.Periods.Select(part => $"{part.Start.ToString("O", CultureInfo.InvariantCulture)} {Text(part.Sums)}")];

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
