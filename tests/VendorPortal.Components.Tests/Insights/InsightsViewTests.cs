using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Insights;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Tests.Insights;

public sealed class InsightsViewTests
{
    private static readonly DateOnly Today = new(2026, 5, 20);

    public static TheoryData<InsightsView> Views =>
    [
        new InsightsView(),
        new InsightsView { Months = 12, Step = InsightsStep.Month, ByNamespace = true, Chosen = ["acme", "globex & co"] },
        new InsightsView { ByNamespace = true, Chosen = [ArtifactNames.NoNamespace] },
        new InsightsView { Months = null, From = new(2026, 1, 5), To = new(2026, 3, 1), Step = InsightsStep.Day, Chosen = ["acme/app", "acme/charts/app"] },
        new InsightsView { Table = new SummaryView(SummaryGroup.Version, SummarySort.Addresses, Ascending: true, "1.4 + ü", 7) },
    ];

    [Theory]
    [MemberData(nameof(Views))]
    public void Query_ReadAgain_IsTheSameView(InsightsView view)
    {
        var read = InsightsView.Parse(QueryHelpers.ParseQuery(view.Query()), Today, out var errors);

        Assert.Empty(errors);
        Assert.Equal(view, read);
    }

    [Theory]
    [InlineData("months=0", "months")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-05-02&to=2026-05-01", "from")]
    [InlineData("step=year", "step")]
    [InlineData("by=country", "by")]
    [InlineData("level=layer", "level")]
    [InlineData("sort=size", "sort")]
    [InlineData("order=up", "order")]
    [InlineData("page=-1", "page")]
    [InlineData("page=99999999", "page")]
    public void Parse_WhatCannotBeRead_IsNamedAndLeftAtItsDefault(string query, string parameter)
    {
        var view = InsightsView.Parse(QueryHelpers.ParseQuery(query), Today, out var errors);

        Assert.Equal(parameter, Assert.Single(errors).Parameter);
        Assert.Equal(new InsightsView(), view);
    }

    [Theory]
    [InlineData(3, InsightsStep.Week, "2026-02-23", 13)]
    [InlineData(12, InsightsStep.Week, "2025-05-26", 52)]
    [InlineData(6, InsightsStep.Month, "2025-12-01", 6)]
    [InlineData(12, InsightsStep.Month, "2025-06-01", 12)]
    [InlineData(3, InsightsStep.Day, "2026-02-21", 89)]
    public void Range_OfMonths_BeginsWhereAPartBeginsAndEndsToday(int months, InsightsStep step, string first, int parts)
    {
        var range = new InsightsView { Months = months, Step = step }.Range(Today);

        Assert.Equal((DateOnly.Parse(first, null), Today), (range.First, range.Last));
        Assert.Equal(parts, range.Buckets().Count);
    }

    [Fact]
    public void Parse_DaysBeyondTheLog_AreCutToWhatItCanHold()
    {
        var view = InsightsView.Parse(QueryHelpers.ParseQuery("from=1999-01-01&to=2099-01-01&step=day"), Today, out var errors);

        Assert.Empty(errors);
        Assert.Equal((InsightsRange.Oldest, Today), (view.From!.Value, view.To!.Value));
        Assert.True(view.Range(Today).Buckets().Count <= InsightsRange.MaxBuckets);
    }
}
