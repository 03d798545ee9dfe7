using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Tests.Reports;

public sealed class TrendReaderTests
{
    private static readonly DateTime Now = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Fold_DaysAcrossClockChange_StartAtTheZonesMidnights()
    {
        var filter = Days("2026-10-24", "2026-10-26");
        var trend = TrendReader.Fold([At("2026-10-24T21:45:00Z"), At("2026-10-24T22:00:00Z"), At("2026-10-25T22:45:00Z"), At("2026-10-25T23:00:00Z")], filter, Berlin, Now);
        Assert.Equal(TimeSpan.FromDays(1), trend.Step);
        Assert.Equal([Utc("2026-10-23T22:00:00Z"), Utc("2026-10-24T22:00:00Z"), Utc("2026-10-25T23:00:00Z")], trend.Buckets.Select(bucket => bucket.StartUtc));
        Assert.Equal([1, 2, 1], trend.Buckets.Select(bucket => bucket.ByTag));
    }

    [Theory]
    [InlineData("2026-10-25", "2026-10-26", 49)]
    [InlineData("2026-03-29", "2026-03-29", 23)]
    public void Fold_AtMostTwoDays_IsByHour(string from, string to, int hours)
    {
        var trend = TrendReader.Fold([], Days(from, to), Berlin, Now);
        Assert.Equal(TimeSpan.FromHours(1), trend.Step);
        Assert.Equal(hours, trend.Buckets.Count);
    }

    [Fact]
    public void Fold_NoRange_SpansTheData()
    {
        var trend = TrendReader.Fold([At("2026-05-01T10:00:00Z"), At("2026-05-07T10:00:00Z")], PullFilter.Everything, TimeZoneInfo.Utc, Now);
        Assert.Equal(7, trend.Buckets.Count);
        Assert.Equal([1, 0, 0, 0, 0, 0, 1], trend.Buckets.Select(bucket => bucket.ByTag));
    }

    [Fact]
    public void Fold_EndlessRange_EndsNow()
    {
        var trend = TrendReader.Fold([], Days("0001-01-01", "9999-12-31"), TimeZoneInfo.Utc, Now);
        Assert.Equal(Utc("2020-01-01T00:00:00Z"), trend.Buckets[0].StartUtc);
        Assert.Equal(Utc("2026-11-20T00:00:00Z"), trend.Buckets[^1].StartUtc);
    }

    [Fact]
    public void Fold_NothingAtAll_IsEmpty() => Assert.Empty(TrendReader.Fold([], PullFilter.Everything, Berlin, Now).Buckets);

    private static PullFilter Days(string from, string to)
    {
        var zone = Berlin;
        return new PullFilter
        {
            FromUtc = ZoneDays.StartOf(DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), zone),
            ToUtc = ZoneDays.EndOf(DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), zone),
        };
    }

    private static GrainSums At(string time)
    {
        var pulls = default(KindSums);
        pulls[(int)PullKind.PullByTag] = 1;
        return new GrainSums(PullIds.Bound(Utc(time)) / SegmentLimits.Grain, pulls);
    }

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;
}
