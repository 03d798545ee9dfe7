using Microsoft.AspNetCore.Components.Endpoints;
using VendorPortal.Components.Door;

namespace VendorPortal.Security;

/// <summary>While no account exists every page leads to the setup page.</summary>
internal static class SetupGate
{
    public static async Task Guard(HttpContext context, RequestDelegate next)
    {
        var page = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type;
        if (page is not null && page != typeof(Setup) && page != typeof(ErrorPage)
            && await context.RequestServices.GetRequiredService<FirstOwner>().IsMissingAsync(context.RequestAborted))
        {
            context.Response.Redirect("/setup");
            return;
        }

        await next(context);
    }
}
