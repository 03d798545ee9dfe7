using Microsoft.AspNetCore.Identity;
using VendorPortal.Security;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Demo;

/// <summary>Loads and removes the sample vendor from the pages; both change what the sign-in cookie says, so they are form posts.</summary>
internal static class DemoEndpoints
{
    public static void MapDemo(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/demo").AddEndpointFilter(AccountEndpoints.RequireToken).RequireAuthorization().ExcludeFromDescription();
        group.MapPost("/load", LoadAsync);
        group.MapPost("/remove", RemoveAsync);
    }

    private static async Task<IResult> LoadAsync(HttpContext context, SampleVendor sample, SignInManager<Member> signIn, IHostApplicationLifetime lifetime, ILogger<SampleVendor> logger)
    {
        if (await signIn.UserManager.GetUserAsync(context.User) is not { } member)
            return Results.Forbid();
        if (sample.Progress is null)
        {
            var vendorId = await sample.CreateAsync(context.RequestAborted);
            _ = FillAsync(sample, vendorId, logger, lifetime.ApplicationStopping);
        }

        return await SwitchAsync(signIn, member, await sample.FindAsync(context.RequestAborted));
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, SampleVendor sample, SignInManager<Member> signIn)
    {
        if (await signIn.UserManager.GetUserAsync(context.User) is not { } member)
            return Results.Forbid();
        await sample.RemoveAsync(context.RequestAborted);
        return await SwitchAsync(signIn, member, null);
    }

    private static async Task<IResult> SwitchAsync(SignInManager<Member> signIn, Member member, int? vendorId)
    {
        member.LastVendorId = vendorId;
        await signIn.UserManager.UpdateAsync(member);
        await signIn.RefreshSignInAsync(member);
        return Results.LocalRedirect("/overview");
    }

    // Goes on after the answer: the page shows how far it is.
    private static async Task FillAsync(SampleVendor sample, int vendorId, ILogger logger, CancellationToken stopping)
    {
        try
        {
            await sample.FillAsync(vendorId, null, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // the portal stops; what was sent stays
        }
        catch (Exception error)
        {
            logger.LogError(error, "The sample vendor could not be filled");
        }
    }
}
