using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using VendorPortal.Analytics;
using VendorPortal.Hosting;
using VendorPortal.Reports;
using VendorPortal.Security;

namespace VendorPortal.Api;

/// <summary>The reports of the publisher analytics API: years, weeks and months, files.</summary>
internal static class PublisherFileEndpoints
{
    private const string Purpose = "report-file";
    private const string VendorClaim = "vendor";
    private const string PathClaim = "path";
    private const string Revision = "revision";
    private const string Signature = "signature";

    public static void MapPublisherFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapPublisherGroup().WithPathParameters(
            ("year", ParameterDocs.Whole(ReportPeriod.FirstYear, ReportPeriod.LastYear)), ("timespan", ParameterDocs.Whole(1, 53)), ("part", ParameterDocs.Whole(1)),
            ("timespantype", ParameterDocs.OneOf("months", "weeks")), ("dataview", ParameterDocs.OneOf(ReportNames.Views.Select(ReportNames.Of))));
        const string Years = "/namespaces/{namespace}/pulls/exports/years";
        group.MapGet(Years, YearsAsync).WithName("ListReportYears").Produces<YearListBody>()
            .WithSummary("The years with reports.").WithDescription("Calendar years of months and ISO week-years of weeks together.");
        group.MapGet(Years + "/{year}/{timespantype}", TimespansAsync).WithName("ListReportTimespans").Produces<TimespanListBody>().ProducesValidationProblem()
            .WithSummary("The complete weeks or months of a year with reports.");
        group.MapGet(Years + "/{year}/{timespantype}/{timespan}", TimespanAsync).WithName("ProbeReportTimespan").Produces<TimespanBody>().ProducesValidationProblem()
            .WithSummary("Whether there are reports of a week or month.");
        group.MapGet(Years + "/{year}/{timespantype}/{timespan}/{dataview}", FilesAsync).WithName("ListReportFiles").Produces<ReportDataBody>().ProducesValidationProblem()
            .WithSummary("The files of a report.")
            .WithDescription("dataview: raw, summary, repo-summary, namespace-summary; core-summary and core-trends as an extension. Large reports have several files. The first call for an older period produces it.");
        group.MapGet(Years + "/{year}/{timespantype}/{timespan}/{dataview}/files/{part}", FileAsync).WithName("GetReportFile").AllowAnonymous()
            .WithParameters(
                ParameterDocs.Number(Revision, "The revision of the report; the current one by default. One that is superseded can be had for an hour."),
                ParameterDocs.Text(Signature, "What the url of the list carries."))
            .Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesValidationProblem()
            .WithSummary("A file of a report: CSV of RFC 4180 with CRLF line ends.")
            .WithDescription("By the url of the list, without any header, or signed in. Of the period that goes on, part 1 tells what there is up to now; it is in no list.");
    }

    private static async Task<IResult> YearsAsync([FromRoute(Name = "namespace")] string ns, ClaimsPrincipal principal, ReportCalendar calendar, CancellationToken ct)
    {
        var vendorId = principal.Vendor().Id;
        if ((await calendar.ArtifactsAsync(vendorId, ns, ct)).Count == 0)
            return PublisherRoutes.NotFound();
        var years = new SortedSet<int>();
        foreach (var timespan in Enum.GetValues<ReportTimespan>())
            years.UnionWith((await calendar.PeriodsAsync(vendorId, ns, timespan, ct)).Where(p => p.IsComplete).Select(p => p.Period.Year));
        return TypedResults.Ok(new YearListBody([.. years.Select(year => new YearBody(year))]));
    }

    private static async Task<IResult> TimespansAsync([FromRoute(Name = "namespace")] string ns, string year, string timespantype, HttpRequest request, ClaimsPrincipal principal, ReportCalendar calendar, CancellationToken ct)
    {
        var query = new ApiQuery(request.Query);
        var (number, timespan) = (Number(query, "year", year), Timespan(query, timespantype));
        if (query.HasErrors)
            return query.Problem();
        var vendorId = principal.Vendor().Id;
        if ((await calendar.ArtifactsAsync(vendorId, ns, ct)).Count == 0)
            return PublisherRoutes.NotFound();
        TimespanBody[] found = [.. (await calendar.PeriodsAsync(vendorId, ns, timespan, ct)).Where(p => p.IsComplete && p.Period.Year == number).Select(p => TimespanBody.Of(p.Period))];
        return TypedResults.Ok(timespan == ReportTimespan.Weeks ? new TimespanListBody(Weeks: found) : new TimespanListBody(Months: found));
    }

    private static async Task<IResult> TimespanAsync([FromRoute(Name = "namespace")] string ns, string year, string timespantype, string timespan, HttpRequest request, ClaimsPrincipal principal, ReportCalendar calendar, CancellationToken ct)
    {
        var query = new ApiQuery(request.Query);
        var period = Period(query, year, timespantype, timespan);
        if (query.HasErrors)
            return query.Problem();
        return period is { } found && await calendar.FindAsync(principal.Vendor().Id, ns, found, ct) is true ? TypedResults.Ok(TimespanBody.Of(found)) : PublisherRoutes.NotFound();
    }

    private static async Task<IResult> FilesAsync(
        [FromRoute(Name = "namespace")] string ns, string year, string timespantype, string timespan, string dataview, HttpRequest request, ClaimsPrincipal principal, ReportFiles files, SignedTokens signed, PortalOptions options, CancellationToken ct)
    {
        var query = new ApiQuery(request.Query);
        var (period, view) = (Period(query, year, timespantype, timespan), View(query, dataview));
        if (query.HasErrors)
            return query.Problem();
        var vendorId = principal.Vendor().Id;
        if (period is not { } found || await files.EnsureAsync(vendorId, new ReportKey(ns, found, view), ct) is not { } report)
            return PublisherRoutes.NotFound();
        var root = options.PublicUrl is { Length: > 0 } outside ? outside.TrimEnd('/') : $"{request.Scheme}://{request.Host}";
        return TypedResults.Ok(new ReportDataBody(
        [
            .. report.Parts.Select(part => new ReportDataFile(
                $"{root}{part.Path}&{Signature}={Sign(signed, vendorId, part.Path)}", part.Bytes, part.Rows, part.Sha256, report.Revision, report.ProducedUtc!.Value, report.Ruleset)),
        ]));
    }

    private static async Task<IResult> FileAsync(
        [FromRoute(Name = "namespace")] string ns, string year, string timespantype, string timespan, string dataview, string part, HttpContext context, ReportFiles files, SignedTokens signed, CancellationToken ct)
    {
        var query = new ApiQuery(context.Request.Query);
        var (period, view, number) = (Period(query, year, timespantype, timespan), View(query, dataview), Number(query, "part", part));
        int? revision = query.Text(Revision) is { } text ? Number(query, Revision, text) : null;
        if (query.HasErrors)
            return query.Problem();
        if (period is not { } found)
            return PublisherRoutes.NotFound();
        var key = new ReportKey(ns, found, view);
        if (await VendorAsync(context.User, signed, query.Text(Signature), ReportPaths.Part(key, number, revision)) is not { } vendorId)
            return TypedResults.Problem("The address has expired or is not one of this portal. Accepted: the url of a list of files, within an hour, or a bearer token.", statusCode: StatusCodes.Status401Unauthorized);
        if (await files.OpenAsync(vendorId, key, number, revision, ct) is not { } open)
            return PublisherRoutes.NotFound();
        var tag = open.Sha256 is { } hash ? new EntityTagHeaderValue($"\"{hash}\"") : null;
        DateTimeOffset? modified = open.ProducedUtc is { } produced ? new DateTimeOffset(produced) : null;
        return TypedResults.Stream(open.Content, "text/csv; charset=utf-8", open.FileName, modified, tag, enableRangeProcessing: open.IsComplete);
    }

    // Who made the address says whose file it is, whoever is signed in where it is opened.
    private static async Task<int?> VendorAsync(ClaimsPrincipal principal, SignedTokens signed, string? signature, string path) =>
        signature is not null && await signed.ReadAsync(Purpose, signature) is { } claims && claims.GetValueOrDefault(PathClaim) == path
            ? int.Parse(claims[VendorClaim], CultureInfo.InvariantCulture)
            : principal.FindVendor()?.Id;

    private static string Sign(SignedTokens signed, int vendorId, string path) => signed.Create(
        Purpose,
        new Dictionary<string, string>(StringComparer.Ordinal) { [VendorClaim] = vendorId.ToString(CultureInfo.InvariantCulture), [PathClaim] = path },
        ReportPaths.LinkLifetime);

    // Null where there is no such week or month; what is no number at all is refused.
    private static ReportPeriod? Period(ApiQuery query, string year, string timespantype, string timespan) =>
        ReportPeriod.Find(Timespan(query, timespantype), Number(query, "year", year), Number(query, "timespan", timespan));

    private static ReportTimespan Timespan(ApiQuery query, string name) =>
        ReportNames.FindTimespan(name) ?? Refused<ReportTimespan>(query, "timespantype", "months or weeks");

    private static ReportView View(ApiQuery query, string name) =>
        ReportNames.FindView(name) ?? Refused<ReportView>(query, "dataview", string.Join(" or ", ReportNames.Views.Select(ReportNames.Of)));

    private static int Number(ApiQuery query, string parameter, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Refused<int>(query, parameter, "a whole number");

    private static T Refused<T>(ApiQuery query, string parameter, string accepted)
        where T : struct
    {
        query.Refuse(new FilterError(parameter, $"{parameter} cannot be used. Accepted: {accepted}."));
        return default;
    }
}
