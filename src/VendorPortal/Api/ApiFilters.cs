namespace VendorPortal.Api;

/// <summary>What whole groups of routes have in common.</summary>
internal static class ApiFilters
{
    /// <summary>Names, e-mail and IP addresses are nobody else's business, so no cache keeps them.</summary>
    public static ValueTask<object?> NoStore(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        context.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }
}
