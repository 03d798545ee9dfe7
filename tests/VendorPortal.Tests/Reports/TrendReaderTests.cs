using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Reports;

public sealed class TrendReaderTests
{
    private static readonly DateTime Now = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // The first day, and when it and the next two begin: the one in the middle has 25 hours, or 23.
    [Theory]
    [InlineData("Europe/Berlin", "2026-10-24", "2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-28", "2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("America/New_York", "2026-10-31", "2026-10-31T04:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")]
    [InlineData("America/New_York", "2026-03-07", "2026-03-07T05:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")]
    public void Fold_DaysAcrossClockChange_StartAtTheZonesMidnights(string zoneName, string from, string first, string second, string third)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var filter = Days(from, Date(from).AddDays(2).ToString("O", CultureInfo.InvariantCulture), zone);
        var grain = TimeSpan.FromMinutes(15);
        var trend = TrendReader.Fold([At(Utc(second) - grain), At(Utc(second)), At(Utc(third) - grain), At(Utc(third))], filter, zone, Now);
        Assert.Equal(TimeSpan.FromDays(1), trend.Step);
        Assert.Equal([Utc(first), Utc(second), Utc(third)], trend.Buckets.Select(bucket => bucket.StartUtc));
        Assert.Equal([1, 2, 1], trend.Buckets.Select(bucket => bucket.ByTag));
    }

    // The last day is the one of the change, and ends after 25 hours, or 23.
    [Theory]
    [InlineData("Europe/Berlin", "2026-10-20", "2026-10-25", "2026-10-25T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-24", "2026-03-29", "2026-03-29T22:00:00Z")]
    [InlineData("America/New_York", "2026-10-27", "2026-11-01", "2026-11-02T05:00:00Z")]
    [InlineData("America/New_York", "2026-03-03", "2026-03-08", "2026-03-09T04:00:00Z")]
    public void Fold_LastDayIsOfAClockChange_EndsAtTheZonesMidnight(string zoneName, string from, string to, string end)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var closed = TrendReader.Fold([At(Utc(end) - TimeSpan.FromMinutes(15))], Days(from, to, zone), zone, Now);
        var open = TrendReader.Fold([At(Utc(end) - TimeSpan.FromMinutes(15))], new PullFilter { FromUtc = ZoneDays.StartOf(Date(from), zone) }, zone, Now);
        Assert.All([closed, open], trend => Assert.Equal((6, 1, Utc(end)), (trend.Buckets.Count, trend.Buckets[^1].ByTag, trend.EndUtc)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-26", 49)]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-29", 23)]
    [InlineData("America/New_York", "2026-11-01", "2026-11-01", 25)]
    [InlineData("America/New_York", "2026-11-01", "2026-11-02", 49)]
    [InlineData("America/New_York", "2026-03-08", "2026-03-08", 23)]
    public void Fold_AtMostTwoDays_IsByHour(string zoneName, string from, string to, int hours)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var trend = TrendReader.Fold([], Days(from, to, zone), zone, Now);
        Assert.Equal(TimeSpan.FromHours(1), trend.Step);
        Assert.Equal(hours, trend.Buckets.Count);
        Assert.Equal(ZoneDays.EndOf(Date(to), zone), trend.EndUtc);
    }

    [Fact]
    public void Fold_NoRange_SpansTheData()
    {
        var trend = TrendReader.Fold([At(Utc("2026-05-01T10:00:00Z")), At(Utc("2026-05-07T10:00:00Z"))], PullFilter.Everything, TimeZoneInfo.Utc, Now);
        Assert.Equal(7, trend.Buckets.Count);
        Assert.Equal([1, 0, 0, 0, 0, 0, 1], trend.Buckets.Select(bucket => bucket.ByTag));
    }

    [Fact]
    public void Fold_EndlessRange_EndsNow()
    {
        var trend = TrendReader.Fold([], Days("0001-01-01", "9999-12-31", Berlin), TimeZoneInfo.Utc, Now);
        Assert.Equal(Utc("2020-01-01T00:00:00Z"), trend.Buckets[0].StartUtc);
        Assert.Equal(Utc("2026-11-20T00:00:00Z"), trend.Buckets[^1].StartUtc);
    }

    [Fact]
    public void Fold_NothingAtAll_IsEmpty() => Assert.Empty(TrendReader.Fold([], PullFilter.Everything, Berlin, Now).Buckets);

    private static PullFilter Days(string from, string to, TimeZoneInfo zone) => new() { FromUtc = ZoneDays.StartOf(Date(from), zone), ToUtc = ZoneDays.EndOf(Date(to), zone) };

    private static DateOnly Date(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static GrainSums At(DateTime time)
    {
        var pulls = default(KindSums);
        pulls[(int)PullKind.PullByTag] = 1;
        return new GrainSums(PullIds.Bound(time) / SegmentLimits.Grain, pulls);
    }

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;
}
