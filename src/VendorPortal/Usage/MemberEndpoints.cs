using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using VendorPortal.Api;
using VendorPortal.Hosting;
using VendorPortal.Security;

namespace VendorPortal.Usage;

/// <summary>A member as the API writes and reads it; what is not given is empty. Times of RFC 3339, or days.</summary>
public sealed record MemberBody(string? Name, string? Email, string? Type, string? Role, IReadOnlyList<string>? Teams, string? Joined, string? LastLogIn)
{
    internal MemberFacts Facts(string username) => new MemberFacts(
        username, Name, Email, Type, Role, Teams is null ? null : string.Join(',', Teams), MemberFacts.CleanTime("joined", Joined), MemberFacts.CleanTime("lastLogIn", LastLogIn)).Clean();
}

/// <summary>A person of a customer.</summary>
public sealed record MemberItem(
    string Username, string? Name, string? Email, string? Type, string? Role, IReadOnlyList<string> Teams, DateTime? Joined, DateTime? LastLogIn,
    [property: Description("False for who is on no list and was only seen.")] bool Listed,
    [property: Description("Last use of the product; null also for who opted out.")] DateTime? LastSeen,
    string? Version,
    bool OptedOut)
{
    internal static MemberItem Of(MemberRow row) => new(
        row.Facts.Username, row.Facts.Name, row.Facts.Email, row.Facts.Type, row.Facts.Role, row.Facts.Teams?.Split(", ") ?? [], row.Facts.JoinedUtc, row.Facts.LastLogInUtc,
        row.IsListed, row.LastSeenUtc, row.Version, row.IsOptedOut);
}

/// <summary>A page of people; <see cref="Next"/> is the <c>after</c> of the next one, null at the end.</summary>
public sealed record MemberListBody(IReadOnlyList<MemberItem> Items, string? Next);

/// <summary><c>/api/v1/customers/{customer}/members</c>: the list of a customer's members. Changed by tokens only, not by the session of a browser.</summary>
internal static class MemberEndpoints
{
    private const int DefaultPage = 100;

    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/customers/{customer}/members")
            .WithTags("Usage")
            .RequireAuthorization()
            .AddEndpointFilter(ApiFilters.NoStore)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("", ListAsync).WithName("ListMembers").WithParameters(ParameterDocs.Limit(DefaultPage), ParameterDocs.Text("after", "The next of an earlier page."))
            .WithSummary("People of a customer: listed members, and who was seen using the product.");
        group.MapPost("", UploadAsync).WithName("UploadMembers").RequireAuthorization(PortalClaims.TokenPolicy).DisableAntiforgery().Accepts<string>("text/csv", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded").ProducesValidationProblem()
            .WithSummary("Puts the members of a CSV file on the list, or changes them; all rows or none.")
            .WithDescription("A header row with username, and name, email, type, role, teams, date joined, last logged-in date. Who is not in the file stays on the list.");
        group.MapPut("/{username}", SaveAsync).WithName("PutMember").RequireAuthorization(PortalClaims.TokenPolicy).DisableAntiforgery().ProducesValidationProblem()
            .WithSummary("Puts a member on the list, or changes what is said of them.");
        group.MapDelete("/{username}", RemoveAsync).WithName("RemoveMember").RequireAuthorization(PortalClaims.TokenPolicy).DisableAntiforgery()
            .WithSummary("Takes a member off the list. Who was seen using the product stays as such; erasing a person is a command.");
    }

    private static async Task<Results<Ok<MemberListBody>, ValidationProblem, ProblemHttpResult>> ListAsync(string customer, HttpRequest request, ClaimsPrincipal principal, ProductMembers members, CancellationToken ct)
    {
        var vendorId = principal.Vendor().Id;
        var query = new ApiQuery(request.Query);
        var (limit, after) = (query.Limit(DefaultPage), query.Text("after"));
        if (query.HasErrors)
            return query.Problem();
        if (await members.FindCustomerAsync(vendorId, customer, ct) is not { } customerId)
            return NoCustomer();
        // Within a customer a user name is one person.
        var rows = await members.ListAsync(vendorId, customerId, null, after is null ? null : (UsagePeople.KeyOf(after), int.MaxValue), limit, ct);
        return TypedResults.Ok(new MemberListBody([.. rows.Select(MemberItem.Of)], rows.Count == limit ? rows[^1].Facts.Username : null));
    }

    private static async Task<Results<Ok<MembersChanged>, ProblemHttpResult>> UploadAsync(string customer, HttpRequest request, ClaimsPrincipal principal, ProductMembers members, CancellationToken ct)
    {
        var vendorId = principal.Vendor().Id;
        if (await members.FindCustomerAsync(vendorId, customer, ct) is not { } customerId)
            return NoCustomer();
        using var file = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, ct)) > 0;)
        {
            file.Write(buffer, 0, read);
            if (file.Length > MemberCsv.MaxBytes)
                return TypedResults.Problem($"Accepted: up to {MemberCsv.MaxBytes} bytes and {MemberCsv.MaxRows} rows.", statusCode: StatusCodes.Status413PayloadTooLarge, title: "The file is too large.");
        }

        var csv = MemberCsv.Parse(file.ToArray());
        if (csv.Errors.Count == 0)
            return TypedResults.Ok(await members.SaveAsync(vendorId, customerId, csv.Rows, ct));
        return TypedResults.Problem(
            csv.Errors[0].Line is { } line ? $"Line {line}: {csv.Errors[0].Message}" : csv.Errors[0].Message, statusCode: StatusCodes.Status400BadRequest, title: "The file was not applied.",
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = csv.Errors.Select(error => new { line = error.Line, column = error.Column, message = error.Message }) });
    }

    private static async Task<Results<Ok<MemberItem>, ProblemHttpResult>> SaveAsync(string customer, string username, [FromBody] MemberBody body, ClaimsPrincipal principal, ProductMembers members, CancellationToken ct)
    {
        var vendorId = principal.Vendor().Id;
        if (await members.FindCustomerAsync(vendorId, customer, ct) is not { } customerId)
            return NoCustomer();
        try
        {
            await members.SaveAsync(vendorId, customerId, [body.Facts(username)], ct);
        }
        catch (InputException error)
        {
            return TypedResults.Problem(error.Message, statusCode: StatusCodes.Status400BadRequest, title: "The member cannot be saved.");
        }

        return TypedResults.Ok(MemberItem.Of((await members.FindAsync(vendorId, customerId, username, ct))!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string customer, string username, ClaimsPrincipal principal, ProductMembers members, CancellationToken ct)
    {
        var vendorId = principal.Vendor().Id;
        if (await members.FindCustomerAsync(vendorId, customer, ct) is not { } customerId)
            return NoCustomer();
        return await members.FindAsync(vendorId, customerId, username, ct) is { } member && await members.UnlistAsync(vendorId, member.Id, ct)
            ? TypedResults.NoContent()
            : TypedResults.Problem("The customer has no member of this user name on its list.", statusCode: StatusCodes.Status404NotFound, title: "No such member.");
    }

    private static ProblemHttpResult NoCustomer() =>
        TypedResults.Problem("There is no customer of this name. Names are compared exactly.", statusCode: StatusCodes.Status404NotFound, title: "No such customer.");
}
