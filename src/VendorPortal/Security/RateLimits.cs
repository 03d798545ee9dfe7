using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Net.Http.Headers;
using VendorPortal.Hosting;
using VendorPortal.Usage;

namespace VendorPortal.Security;

/// <summary>
/// Limits by path: sign-in and setup for each address, the API for each token or member. Whoever is over is told when to come back.
/// </summary>
internal static class RateLimits
{
    public static void Configure(RateLimiterOptions limiter, PortalOptions options)
    {
        var limits = options.Limits;
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            rejected.HttpContext.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            var path = context.Request.Path;
            if (HttpMethods.IsPost(context.Request.Method) && path.StartsWithSegments("/sign-in", StringComparison.OrdinalIgnoreCase))
                return PerMinute("sign-in " + Address(context), limits.SignInPerMinute);
            if (path.StartsWithSegments("/v2/users", StringComparison.OrdinalIgnoreCase))
                return PerMinute("sign-in " + Address(context), limits.SignInPerMinute);
            if (HttpMethods.IsPost(context.Request.Method) && path.StartsWithSegments("/setup", StringComparison.OrdinalIgnoreCase))
                return PerMinute("setup " + Address(context), limits.SetupPerMinute);
            // Telemetry of a whole product comes with one token.
            return path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !path.Equals(UsageIntakeEndpoints.Path, StringComparison.OrdinalIgnoreCase)
                ? Api("api " + Caller(context), limits)
                : RateLimitPartition.GetNoLimiter("");
        });
    }

    private static RateLimitPartition<string> PerMinute(string key, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) });

    private static RateLimitPartition<string> Api(string key, LimitOptions limits) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.ApiBurst,
            TokensPerPeriod = limits.ApiPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        });

    private static string Caller(HttpContext context) =>
        context.User.FindFirstValue(TokenAuthentication.TokenClaim) is { } token ? "token " + token
        : context.User.FindMemberId() is { } member ? string.Create(CultureInfo.InvariantCulture, $"member {member}")
        : Address(context);

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
