using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace VendorPortal.Security;

/// <summary>Signs in the caller who presents an API token in <c>Authorization: Bearer …</c>.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenDirectory tokens)
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
        var owner = await tokens.FindAsync(Request.Headers.Authorization.ToString()[Start.Length..].Trim(), Context.RequestAborted);
        if (owner is null)
            return AuthenticateResult.Fail("The token is unknown or was revoked.");
        var identity = new ClaimsIdentity(Scheme.Name, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, owner.TokenName));
        identity.AddClaim(new Claim(TokenClaim, string.Create(CultureInfo.InvariantCulture, $"{owner.Membership.VendorId}/{owner.TokenId}")));
        if (owner.MemberId is { } memberId)
            identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, memberId.ToString(CultureInfo.InvariantCulture)));
        PortalClaimsFactory.AddVendor(identity, owner.Membership);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
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
