using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Controls;
using VendorPortal.Components.Overview;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Components.Tests.Overview;

public sealed class OverviewViewTests
{
    private static readonly DateTime Now = new(2026, 5, 20, 12, 0, 0, DateTimeKind.Utc);
    private static readonly OverviewRange Log = new(new(2025, 3, 2), new(2026, 5, 20), IsAllTime: true);

    public static TheoryData<string> Queries() =>
    [
        "", "period=all", "period=7d", "period=12m", "from=2026-05-01&to=2026-05-09", "from=2026-05-01", "to=2026-05-09", "by=customer&sort=last&order=ascending&search=a%20b&page=3", "kind=helm&sort=name",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Query_ThatWasRead_IsWrittenAgain(string query)
    {
        var view = Read(query);
        Assert.Equal(query, view.Query());
        Assert.Equal(view, Read(view.Query()));
    }

    [Theory]
    [InlineData("", 2026, 4, 21, 2026, 5, 20)]
    [InlineData("period=all", 2025, 3, 2, 2026, 5, 20)]
    [InlineData("period=12m", 2025, 5, 21, 2026, 5, 20)]
    [InlineData("from=2026-05-01&to=2026-05-09", 2026, 5, 1, 2026, 5, 9)]
    [InlineData("from=2026-05-01", 2026, 5, 1, 2026, 5, 20)]
    [InlineData("to=2026-05-09", 2025, 3, 2, 2026, 5, 9)]
    public void Range_OfAView_IsInDaysOfUtc(string query, int year, int month, int day, int toYear, int toMonth, int toDay)
    {
        var range = Read(query).Range(Now, Log);
        Assert.Equal((new DateOnly(year, month, day), new DateOnly(toYear, toMonth, toDay)), (range.First, range.Last));
    }

    [Theory]
    [InlineData("period=24h", "period")]
    [InlineData("from=2026-05-09&to=2026-05-01", "from")]
    [InlineData("from=monday", "from")]
    [InlineData("sort=colour", "sort")]
    [InlineData("order=up", "order")]
    [InlineData("by=user", "by")]
    [InlineData("kind=zip", "kind")]
    [InlineData("page=0", "page")]
    public void Query_ThatCannotBeRead_IsNamedAndLeftAtItsDefault(string query, string parameter)
    {
        var view = OverviewView.Parse(QueryHelpers.ParseQuery(query), DateOnly.FromDateTime(Now), out var errors);
        Assert.Equal(parameter, Assert.Single(errors).Parameter);
        Assert.Equal(OverviewView.Default, view);
    }

    [Fact]
    public void With_RangesOfTheControl_KeepTheirNameOrTheirDays()
    {
        var week = Period.Find("7d")!;
        Assert.Equal("period=7d", Read("").With(new PageFilter(week.ApplyTo(new(), TimeZoneInfo.Utc, Now), week)).Query());
        Assert.Equal("period=all", Read("").With(new PageFilter(new())).Query());
        Assert.Equal("from=2026-05-01&to=2026-05-03", Read("page=3").With(new PageFilter(new DayRange(new(2026, 5, 1), new(2026, 5, 3)).ApplyTo(new(), TimeZoneInfo.Utc))).Query());
        Assert.Equal(ArtifactKind.Helm, Read("kind=helm&page=2").With(new PageFilter(new())).Table.Kind);
    }

    private static OverviewView Read(string query)
    {
        var view = OverviewView.Parse(QueryHelpers.ParseQuery(query), DateOnly.FromDateTime(Now), out var errors);
        Assert.Empty(errors);
        return view;
    }
}
