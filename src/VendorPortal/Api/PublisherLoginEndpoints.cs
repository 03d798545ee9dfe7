using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using VendorPortal.Security;

namespace VendorPortal.Api;

/// <summary>What a login sends.</summary>
public sealed record LoginBody(
    [property: Description("The member's e-mail address; with an API token of nobody in particular the short name of the vendor.")] string? Username,
    [property: Description("The password, or an API token.")] string? Password);

/// <summary>What the second step of a login sends.</summary>
public sealed record SecondFactorBody(
    [property: JsonPropertyName("login_2fa_token"), Description("As the first step was answered.")] string? SecondFactor,
    [property: Description("Of the authenticator app.")] string? Code);

/// <summary>What a login is answered with.</summary>
public sealed record SessionBody([property: Description("For Authorization: Bearer, for an hour.")] string Token);

/// <summary><c>/v2/users/login</c> and its second step, as scripts for Docker Hub know them.</summary>
internal static class PublisherLoginEndpoints
{
    private const int MaxBody = 8 * 1024;
    private const int MaxUsername = 254;
    private const int MaxPassword = 200;
    private const int MaxSecondFactor = 4096;
    private const int MaxCode = 20;

    public static void MapPublisherLogin(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v2/users")
            .WithTags("Login")
            .AllowAnonymous()
            .AddEndpointFilter(ApiFilters.NoStore)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapPost("/login", LogInAsync).WithName("LogIn").Accepts<LoginBody>("application/json").Produces<SessionBody>()
            .WithSummary("A token for Authorization: Bearer, for a password or an API token.")
            .WithDescription("401 has login_2fa_token where the member has a second factor: send it with the code to /v2/users/2fa-login.");
        group.MapPost("/2fa-login", LogInBySecondFactorAsync).WithName("LogInBySecondFactor").Accepts<SecondFactorBody>("application/json").Produces<SessionBody>()
            .WithSummary("The second step of a login.");
    }

    private static async Task<IResult> LogInAsync(HttpRequest request, [FromServices] PasswordLogin login, CancellationToken ct)
    {
        if (await ReadAsync<LoginBody>(request, ct) is not { Username: { Length: > 0 and <= MaxUsername } username, Password: { Length: > 0 and <= MaxPassword } password })
            return BadBody($"a JSON object with username (up to {MaxUsername} characters) and password (up to {MaxPassword})");
        return await login.LogInAsync(username, password, ct) switch
        {
            { Session: { } session } => TypedResults.Ok(new SessionBody(session)),
            { SecondFactor: { } second } => TypedResults.Problem(
                "Require secondary authentication: send login_2fa_token and the code to /v2/users/2fa-login.", statusCode: StatusCodes.Status401Unauthorized,
                extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["login_2fa_token"] = second }),
            _ => TypedResults.Problem("Incorrect authentication credentials.", statusCode: StatusCodes.Status401Unauthorized),
        };
    }

    private static async Task<IResult> LogInBySecondFactorAsync(HttpRequest request, [FromServices] PasswordLogin login, CancellationToken ct)
    {
        if (await ReadAsync<SecondFactorBody>(request, ct) is not { SecondFactor: { Length: > 0 and <= MaxSecondFactor } second, Code: { Length: > 0 and <= MaxCode } code })
            return BadBody("a JSON object with login_2fa_token, as the first step was answered, and code");
        return (await login.LogInBySecondFactorAsync(second, code, ct)).Session is { } session
            ? TypedResults.Ok(new SessionBody(session))
            : TypedResults.Problem("Incorrect authentication credentials.", statusCode: StatusCodes.Status401Unauthorized);
    }

    // Null where it is no JSON object of the kind.
    private static async Task<T?> ReadAsync<T>(HttpRequest request, CancellationToken ct)
        where T : class
    {
        try
        {
            return request.HasJsonContentType() ? await request.ReadFromJsonAsync<T>(ct) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult BadBody(string accepted) => TypedResults.Problem($"The body cannot be used. Accepted: {accepted}.", statusCode: StatusCodes.Status400BadRequest);
}
