using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using HeaderNames = Microsoft.Net.Http.Headers.HeaderNames;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

internal static class SecurityServices
{
    /// <summary>Takes the API token where one is presented, else the cookie.</summary>
    private const string TokenOrCookie = "TokenOrCookie";

    /// <summary>Shortest password, in characters. Length is what counts; no rules about kinds of characters.</summary>
    public const int MinPassword = 12;

    /// <summary>Longest request line, in bytes: room for four parameters of 200 digests each.</summary>
    public const int MaxRequestLine = 64 * 1024;

    public static IServiceCollection AddPortalSecurity(this IServiceCollection services, PortalOptions options)
    {
        services.AddSingleton<SetupCode>();
        services.AddSingleton<FirstOwner>();
        services.AddSingleton<TokenDirectory>();
        services.AddSingleton<SignedTokens>();
        services.AddSingleton<Sessions>();
        services.AddScoped<PasswordLogin>();
        services.AddScoped<MemberAccounts>();
        AddIdentity(services);
        AddAuthentication(services);
        services.AddAuthorization(authorization =>
        {
            var member = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim(PortalClaims.VendorId).Build();
            authorization.DefaultPolicy = member;
            authorization.FallbackPolicy = member;
            authorization.AddPolicy(PortalClaims.TelemetryPolicy, telemetry => telemetry.RequireAuthenticatedUser().RequireClaim(PortalClaims.TelemetryVendorId));
            authorization.AddPolicy(PortalClaims.TokenPolicy, program => program.Combine(member).RequireAssertion(context => context.User.Identity?.AuthenticationType == TokenAuthentication.SchemeName));
            authorization.AddPolicy(PortalClaims.OwnerPolicy, owner => owner.Combine(member).RequireClaim(PortalClaims.Role, nameof(MemberRole.Owner)));
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "portal-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddRateLimiter(limiter => RateLimits.Configure(limiter, options));
        services.Configure<KestrelServerOptions>(LimitRequests);
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        services.AddProblemDetails();
        services.Configure<ForwardedHeadersOptions>(forwarded => TrustProxies(forwarded, options));
        services.AddDataProtection().SetApplicationName("VendorPortal").PersistKeysToFileSystem(KeyFolder(options));
        return services;
    }

    /// <summary>Middleware in its order: proxies, headers, errors, routing, authentication, setup, rate limits, authorization, anti-forgery.</summary>
    public static void UsePortalSecurity(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.Use(SecurityHeaders.Apply);
        app.UseHsts();
        app.UseWhen(MachinePaths.Asked, machine => machine.UseExceptionHandler().UseStatusCodePages());
        app.UseWhen(
            context => !MachinePaths.Asked(context),
            person => person.UseExceptionHandler("/error/500", createScopeForErrors: true)
                .UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true));
        app.UseRouting();
        app.UseAuthentication();
        app.Use(SetupGate.Guard);
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void MapPortalSecurity(this WebApplication app) => AccountEndpoints.Map(app);

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddIdentityCore<Member>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                identity.User.AllowedUserNameCharacters = ""; // the user name is the e-mail address
                identity.Password = new PasswordOptions
                {
                    RequiredLength = MinPassword,
                    RequiredUniqueChars = 5,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
                identity.Lockout = new LockoutOptions { MaxFailedAccessAttempts = 5, DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5), AllowedForNewUsers = true };
            })
            .AddEntityFrameworkStores<PortalDbContext>()
            .AddTokenProvider<AuthenticatorTokenProvider<Member>>(TokenOptions.DefaultAuthenticatorProvider)
            .AddSignInManager()
            .AddClaimsPrincipalFactory<PortalClaimsFactory>();
        services.Configure<SecurityStampValidatorOptions>(stamp => stamp.ValidationInterval = SessionValidator.Interval);
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.AddScoped<AuthenticationStateProvider, CircuitSession>();
    }

    private static void AddAuthentication(IServiceCollection services)
    {
        services.AddAuthentication(TokenOrCookie)
            .AddPolicyScheme(TokenOrCookie, null, policy => policy.ForwardDefaultSelector = context =>
                // What feeds present is a secret of theirs, checked where they post.
                TokenAuthentication.Presented(context.Request) && !context.Request.Path.StartsWithSegments("/ingest", StringComparison.OrdinalIgnoreCase) ? TokenAuthentication.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null)
            .AddCookie(IdentityConstants.ApplicationScheme, Cookie)
            .AddCookie(IdentityConstants.TwoFactorRememberMeScheme); // never written, but Identity clears it where it ends a sign-in
    }

    private static void Cookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "portal";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax; // a link in a mail opens the portal signed in; a foreign form does not
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.ReturnUrlParameter = "ReturnUrl";
        cookie.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
        cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        var wantsStatus = status == StatusCodes.Status403Forbidden || MachinePaths.Asked(context.HttpContext) || context.Request.Path.StartsWithSegments("/_blazor");
        if (!wantsStatus)
        {
            context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers[HeaderNames.WWWAuthenticate] = TokenAuthentication.SchemeName;
        return Task.CompletedTask;
    }

    private static void TrustProxies(ForwardedHeadersOptions forwarded, PortalOptions options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        foreach (var network in options.ProxyNetworks())
            forwarded.KnownIPNetworks.Add(network);
        forwarded.ForwardLimit = null; // several proxies in a row: from the last back to the first that is not trusted, which is the client
        if (Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var outside))
            forwarded.AllowedHosts.Add(outside.Host); // most proxies pass on a client's own X-Forwarded-Host
    }

    // A filter stands in the address, digests and all: with the usual 8 kB the page of a long one could not be reloaded, shared or exported. The browser's cookies and a referrer
    // stand beside it.
    private static void LimitRequests(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxRequestLine;
    }

    private static DirectoryInfo KeyFolder(PortalOptions options) => PrivateFolder.Create(Path.Combine(Path.GetFullPath(options.DataDirectory), "keys"));
}

/// <summary>Paths that programs ask: they are answered with a status and problem+json, never with a redirect or a page.</summary>
internal static class MachinePaths
{
    private static readonly PathString[] Prefixes = ["/api", "/imports", "/ingest", "/health", "/openapi", "/v2"];

    public static bool Asked(HttpContext context) =>
        Array.Exists(Prefixes, prefix => context.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));
}
