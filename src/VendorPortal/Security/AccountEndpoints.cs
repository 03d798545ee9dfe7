using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>What changes the sign-in cookie and therefore is a plain form post, not a click in a circuit.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/account").AddEndpointFilter(RequireToken).ExcludeFromDescription();
        group.MapPost("/sign-out", SignOutAsync);
        group.MapPost("/vendor", SwitchVendorAsync);
        group.MapPost("/password", ChangePasswordAsync);
    }

    /// <summary>A filter for form posts: 400 without the anti-forgery token of a page.</summary>
    internal static async ValueTask<object?> RequireToken(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var antiforgery = context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>();
        return await antiforgery.IsRequestValidAsync(context.HttpContext) ? await next(context) : Results.StatusCode(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> SignOutAsync(SignInManager<Member> signIn)
    {
        await signIn.SignOutAsync();
        return Results.LocalRedirect("/sign-in");
    }

    private static async Task<IResult> SwitchVendorAsync(HttpContext context, SignInManager<Member> signIn, MemberAccounts accounts)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var member = await signIn.UserManager.GetUserAsync(context.User);
        if (member is null || !int.TryParse(form["vendor"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var vendorId)
            || !await accounts.IsMemberAsync(member.Id, vendorId, context.RequestAborted))
            return Results.Forbid();
        member.LastVendorId = vendorId;
        await signIn.UserManager.UpdateAsync(member);
        await signIn.RefreshSignInAsync(member);
        return Results.LocalRedirect("/overview");
    }

    private static async Task<IResult> ChangePasswordAsync(HttpContext context, SignInManager<Member> signIn)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var member = await signIn.UserManager.GetUserAsync(context.User);
        if (member is null)
            return Results.Forbid();
        if (await signIn.UserManager.IsLockedOutAsync(member))
            return Results.LocalRedirect("/settings?password=locked");
        var result = await signIn.UserManager.ChangePasswordAsync(member, form["current"].ToString(), form["new"].ToString());
        if (!result.Succeeded)
        {
            var wrong = result.Errors.Any(e => e.Code == nameof(IdentityErrorDescriber.PasswordMismatch));
            if (wrong)
                await signIn.UserManager.AccessFailedAsync(member); // a stolen session must not guess on
            return Results.LocalRedirect(wrong ? "/settings?password=wrong" : "/settings?password=weak");
        }

        await signIn.RefreshSignInAsync(member); // every other sign-in ends: the security stamp is a new one
        return Results.LocalRedirect("/settings?password=changed");
    }
}
