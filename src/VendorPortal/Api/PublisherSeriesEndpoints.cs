using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;
using VendorPortal.Analytics;
using VendorPortal.Reports;
using VendorPortal.Security;

namespace VendorPortal.Api;

/// <summary>The namespaces of the publisher analytics API, and their downloads by week and month.</summary>
internal static class PublisherSeriesEndpoints
{
    private const int MaxRepos = 50;
    private const string PullsEnd = "/pulls";

    private static readonly (string Name, int Months)[] Ranges = [("last-2-months", 2), ("last-3-months", 3), ("last-6-months", 6), ("last-12-months", 12)];

    public static void MapPublisherSeries(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapPublisherGroup();
        group.MapGet("/", ListAsync).WithName("ListPublisherNamespaces").Produces<NamespaceListBody>().WithSummary("The namespaces that have data.");
        group.MapGet("/namespaces", ListMetadataAsync).WithName("ListNamespaceMetadata").Produces<IReadOnlyList<NamespaceMetadata>>().WithSummary("What there is of each namespace.");
        group.MapGet("/namespaces/{namespace}", MetadataAsync).WithName("GetNamespaceMetadata").Produces<NamespaceMetadata>().WithSummary("What there is of a namespace.");
        WithSeries(group.MapGet("/namespaces/{namespace}/pulls", OfNamespaceAsync).WithName("GetNamespacePulls").Produces<PullSeriesBody>())
            .WithSummary("Downloads of a namespace by complete week or month.");
        WithSeries(group.MapGet("/namespaces/{namespace}/repos/{repo}/pulls", OfRepositoryAsync).WithName("GetRepositoryPulls").Produces<PullSeriesBody>())
            .WithSummary("Downloads of a repository by complete week or month.")
            .WithDescription("Slashes of a repository's name may be written as they are or as %2F.");
        group.MapGet("/namespaces/{namespace}/repos/{**repo}", OfDeepRepositoryAsync).ExcludeFromDescription();
        WithSeries(group.MapGet("/repos/pulls", OfRepositoriesAsync).WithName("GetPullsOfRepositories").Produces<RepoSeriesBody>(), ParameterDocs.List("repos", $"Repositories, namespace/name; at most {MaxRepos}."))
            .WithSummary("Downloads of several repositories.");
    }

    private static RouteHandlerBuilder WithSeries(RouteHandlerBuilder route, params OpenApiParameter[] others) => route.ProducesValidationProblem().WithParameters(
    [
        .. others,
        ParameterDocs.Choice("timespan", "weeks (ISO 8601, UTC) by default.", "weeks", "months"),
        ParameterDocs.Choice("period", "How far back; last-3-months by default.", [.. Ranges.Select(range => range.Name)]),
        ParameterDocs.Choice("group", "What each line is of; repo by default. country is an extension.", "repo", "namespace", "country"),
    ]);

    private static async Task<IResult> ListAsync(ClaimsPrincipal principal, ReportCalendar calendar, CancellationToken ct) =>
        TypedResults.Ok(new NamespaceListBody(await calendar.NamespacesAsync(principal.Vendor().Id, ct)));

    private static async Task<IResult> ListMetadataAsync(ClaimsPrincipal principal, ReportCalendar calendar, CancellationToken ct)
    {
        var found = new List<NamespaceMetadata>();
        foreach (var ns in await calendar.NamespacesAsync(principal.Vendor().Id, ct))
            found.Add(await DescribeAsync(principal.Vendor().Id, ns, calendar, ct));
        return TypedResults.Ok(found);
    }

    private static async Task<IResult> MetadataAsync([FromRoute(Name = "namespace")] string ns, ClaimsPrincipal principal, ReportCalendar calendar, CancellationToken ct) =>
        (await calendar.ArtifactsAsync(principal.Vendor().Id, ns, ct)).Count == 0 ? PublisherRoutes.NotFound() : TypedResults.Ok(await DescribeAsync(principal.Vendor().Id, ns, calendar, ct));

    private static async Task<NamespaceMetadata> DescribeAsync(int vendorId, string ns, ReportCalendar calendar, CancellationToken ct)
    {
        var timespans = new List<string>();
        foreach (var timespan in new[] { ReportTimespan.Months, ReportTimespan.Weeks })
        {
            if ((await calendar.PeriodsAsync(vendorId, ns, timespan, ct)).Any(p => p.IsComplete))
                timespans.Add(ReportNames.Of(timespan));
        }

        return new NamespaceMetadata(ns, [], timespans.Count == 0 ? [] : [new DatasetBody("pulls", [.. ReportNames.PublishedViews.Select(ReportNames.Of)], timespans)]);
    }

    private static async Task<IResult> OfNamespaceAsync([FromRoute(Name = "namespace")] string ns, HttpRequest request, ClaimsPrincipal principal, ReportCalendar calendar, PublisherSeries series, CancellationToken ct)
    {
        var query = new ApiQuery(request.Query);
        var wanted = Series(query);
        if (query.HasErrors)
            return query.Problem();
        var artifacts = await calendar.ArtifactsAsync(principal.Vendor().Id, ns, ct);
        return artifacts.Count == 0 ? PublisherRoutes.NotFound() : TypedResults.Ok(PullSeriesBody.Of(await series.ReadAsync(principal.Vendor().Id, ns, artifacts, wanted, ct)));
    }

    private static Task<IResult> OfDeepRepositoryAsync(
        [FromRoute(Name = "namespace")] string ns, string repo, HttpRequest request, ClaimsPrincipal principal, ReportCalendar calendar, PublisherSeries series, CancellationToken ct) =>
        repo.EndsWith(PullsEnd, StringComparison.Ordinal)
            ? OfRepositoryAsync(ns, repo[..^PullsEnd.Length], request, principal, calendar, series, ct)
            : Task.FromResult(PublisherRoutes.NotFound());

    private static async Task<IResult> OfRepositoryAsync(
        [FromRoute(Name = "namespace")] string ns, string repo, HttpRequest request, ClaimsPrincipal principal, ReportCalendar calendar, PublisherSeries series, CancellationToken ct)
    {
        var query = new ApiQuery(request.Query);
        var wanted = Series(query);
        if (query.HasErrors)
            return query.Problem();
        var artifact = ArtifactNames.Join(ns, repo.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        return await ReadAsync(principal.Vendor().Id, artifact, wanted, calendar, series, ct) is { } found ? TypedResults.Ok(found) : PublisherRoutes.NotFound();
    }

    private static async Task<IResult> OfRepositoriesAsync(HttpRequest request, ClaimsPrincipal principal, ReportCalendar calendar, PublisherSeries series, CancellationToken ct)
    {
        var query = new ApiQuery(request.Query);
        var wanted = Series(query);
        var names = Names(request.Query["repos"]);
        if (names.Count is 0 or > MaxRepos)
            query.Refuse(new FilterError("repos", $"repos has {names.Count} names. Accepted: 1 to {MaxRepos} names of repositories such as acme/app."));
        if (query.HasErrors)
            return query.Problem();
        var found = new Dictionary<string, PullSeriesBody>(StringComparer.Ordinal);
        foreach (var own in names.GroupBy(ArtifactNames.NamespaceOf, StringComparer.Ordinal))
        {
            if (own.Except(await calendar.ArtifactsAsync(principal.Vendor().Id, own.Key, ct), StringComparer.Ordinal).Any())
                return PublisherRoutes.NotFound();
            foreach (var (name, body) in await ReadAsync(principal.Vendor().Id, own.Key, [.. own], wanted, series, ct))
                found[name] = body;
        }

        return TypedResults.Ok(new RepoSeriesBody(found));
    }

    // One pass over the log for all of a namespace; what is told apart further takes a pass for each.
    private static async Task<IReadOnlyList<(string Name, PullSeriesBody Body)>> ReadAsync(
        int vendorId, string ns, IReadOnlyList<string> names, SeriesQuery query, PublisherSeries series, CancellationToken ct)
    {
        var found = new List<(string, PullSeriesBody)>();
        if (query.Group == SeriesGroup.Country)
        {
            foreach (var name in names)
                found.Add((name, PullSeriesBody.Of(await series.ReadAsync(vendorId, ns, [name], query, ct))));
            return found;
        }

        var points = (await series.ReadAsync(vendorId, ns, names, query with { Group = SeriesGroup.Repo }, ct)).ToLookup(point => point.Repository, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var own = points[ArtifactNames.RepositoryOf(name)];
            found.Add((name, PullSeriesBody.Of([.. query.Group == SeriesGroup.Repo ? own : own.Select(point => point with { Repository = "" })])));
        }

        return found;
    }

    // Null where the vendor has no such repository.
    private static async Task<PullSeriesBody?> ReadAsync(int vendorId, string artifact, SeriesQuery query, ReportCalendar calendar, PublisherSeries series, CancellationToken ct)
    {
        var ns = ArtifactNames.NamespaceOf(artifact);
        return (await calendar.ArtifactsAsync(vendorId, ns, ct)).Contains(artifact, StringComparer.Ordinal)
            ? PullSeriesBody.Of(await series.ReadAsync(vendorId, ns, [artifact], query, ct))
            : null;
    }

    private static SeriesQuery Series(ApiQuery query) => new(
        query.Choice("timespan", ReportTimespan.Weeks, ("weeks", ReportTimespan.Weeks), ("months", ReportTimespan.Months)),
        query.Choice("period", 3, Ranges),
        query.Choice("group", SeriesGroup.Repo, ("repo", SeriesGroup.Repo), ("namespace", SeriesGroup.Namespace), ("country", SeriesGroup.Country)));

    // Repeated, or with commas between them: clients write arrays either way.
    private static List<string> Names(StringValues values) =>
        [.. values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];
}
