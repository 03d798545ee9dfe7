using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>Signs in the caller who presents an API token, or what a login was answered with, in <c>Authorization: Bearer …</c>.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenDirectory tokens, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    /// <summary>The id of the token, for limits and the record of who did what.</summary>
    public const string TokenClaim = "portal:token";

    private const string Start = "Bearer ";

    public static bool Presented(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Start, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Presented(Request))
            return AuthenticateResult.NoResult();
        var text = Request.Headers.Authorization.ToString()[Start.Length..].Trim();
        var principal = TokenDirectory.IsToken(text)
            ? await tokens.FindAsync(text, Context.RequestAborted) is { } owner ? PrincipalOf(owner) : null
            : await sessions.FindAsync(text, Context.RequestServices, Context.RequestAborted);
        return principal is null
            ? AuthenticateResult.Fail("The token is unknown, was revoked or has expired.")
            : AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
    }

    internal static ClaimsPrincipal PrincipalOf(TokenOwner owner)
    {
        var identity = new ClaimsIdentity(SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, owner.TokenName));
        identity.AddClaim(new Claim(TokenClaim, string.Create(CultureInfo.InvariantCulture, $"{owner.Membership.VendorId}/{owner.TokenId}")));
        if (owner.Kind == TokenKind.Telemetry)
        {
            identity.AddClaim(new Claim(PortalClaims.TelemetryVendorId, owner.Membership.VendorId.ToString(CultureInfo.InvariantCulture)));
            return new ClaimsPrincipal(identity);
        }

        if (owner.MemberId is { } memberId)
            identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, memberId.ToString(CultureInfo.InvariantCulture)));
        PortalClaimsFactory.AddVendor(identity, owner.Membership);
        return new ClaimsPrincipal(identity);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer error=\"invalid_token\"";
        return base.HandleChallengeAsync(properties);
    }
}

/// <summary>Reading an API token's id from its sign-in.</summary>
public static class TokenClaims
{
    /// <summary>The token a principal has presented; null for a member who signed in.</summary>
    public static int? FindTokenId(this ClaimsPrincipal principal) =>
        principal.FindFirstValue(TokenAuthentication.TokenClaim)?.Split('/') is [_, var id] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
