using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using VendorPortal.Api;
using VendorPortal.Exports;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Usage;

/// <summary><c>GET /api/v1/usage</c> and <c>…/users.csv</c>: the figures of the page Usage, and the people behind them.</summary>
internal static class UsageEndpoints
{
    public const string UsersPath = "/api/v1/usage/users.csv";

    public static void MapUsage(this IEndpointRouteBuilder routes)
    {
        var period = ParameterDocs.Choice("period", "The last 7, 30 or 90 days of UTC, today among them; 1m by default.", [.. UsagePeriods.All.Select(p => p.Name)]);
        var customer = ParameterDocs.Text("customer", "The name of a customer; - is people of no known customer. Everyone by default.");
        var group = routes.MapGroup("/api/v1/usage")
            .WithTags("Usage")
            .RequireAuthorization()
            .AddEndpointFilter(ApiFilters.NoStore)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("", ReadAsync).WithName("GetUsage").WithParameters(period, customer)
            .WithSummary("How people use the product: users, builds, containers, versions, images, extensions.")
            .WithDescription("People who opted out of analytics are in no figure but members and optedOut.");
        group.MapGet("/users.csv", ExportAsync).WithName("ExportUsageUsers").WithParameters(period, customer)
            .Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesValidationProblem()
            .WithSummary("The people of a period as CSV.")
            .WithDescription($"Columns: {string.Join(", ", UserExport.Columns)}. Who is on a list of members, and who used the product in the period. Noted in the history of exports.");
    }

    private static async Task<Results<Ok<UsageBody>, ValidationProblem>> ReadAsync(HttpRequest request, ClaimsPrincipal principal, UsageReader reader, CancellationToken ct)
    {
        var query = new ApiQuery(request.Query);
        var (period, customer) = (Period(query), query.Text("customer"));
        if (query.HasErrors)
            return query.Problem();
        return TypedResults.Ok(UsageBody.Of(await reader.ReadAsync(principal.Vendor().Id, period, customer, ct), customer));
    }

    private static async Task<IResult> ExportAsync(HttpContext context, ClaimsPrincipal principal, UserExport export, ExportHistory history, CancellationToken ct)
    {
        var query = new ApiQuery(context.Request.Query);
        var (period, customer) = (Period(query), query.Text("customer"));
        if (query.HasErrors)
            return query.Problem();
        var vendorId = principal.Vendor().Id;
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = export.FileName }.ToString();
        var asked = $"period={UsagePeriods.NameOf(period)}{(customer is null ? "" : "&customer=" + Uri.EscapeDataString(customer))}";
        try
        {
            await history.NoteAsync(vendorId, principal.Reader(), asked, ExportRecord.UsersFormat, tally => export.WriteAsync(vendorId, period, customer, context.Response.Body, tally, ct), ct);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            context.Abort(); // a part is not to be taken for the whole
        }

        return TypedResults.Empty;
    }

    private static UsagePeriod Period(ApiQuery query) => query.Choice("period", UsagePeriod.Month, [.. UsagePeriods.All.Select(p => (p.Name, p.Period))]);
}
