using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using VendorPortal.Hosting;

namespace VendorPortal.Security;

/// <summary>
/// The first account. Where none exists it is made from the options <c>Portal:Owner</c>; without these the setup page is opened,
/// guarded by a one-time code that is printed on the console.
/// </summary>
public sealed class FirstOwner(
    IServiceScopeFactory scopes, PortalOptions options, SetupCode code, IHostApplicationLifetime lifetime, IServer server, ILogger<FirstOwner> logger)
    : IDisposable
{
    private readonly SemaphoreSlim creating = new(1, 1);

    /// <summary>The start-up step, after migrations and before the host starts.</summary>
    /// <exception cref="PortalConfigurationException">The configured e-mail address or password cannot be used.</exception>
    public async Task EnsureAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<MemberAccounts>();
        if (await accounts.AnyAsync(ct))
            return;
        if (string.IsNullOrEmpty(options.Owner.Email))
        {
            OpenSetup();
            return;
        }

        var slug = MemberAccounts.SlugOf(options.Owner.Vendor);
        var result = await accounts.CreateOwnerAsync(options.Owner.Vendor, slug, options.Owner.Email, options.Owner.Password ?? "", ct);
        if (!result.Succeeded)
            throw new PortalConfigurationException([.. result.Errors.Select(e => $"Portal:Owner cannot be created: {e.Description}")]);
        logger.LogInformation("Created vendor {Vendor} and its owner {Email}", slug, options.Owner.Email);
    }

    /// <summary>True while nobody can sign in and the setup page is what every page leads to.</summary>
    public async Task<bool> IsMissingAsync(CancellationToken ct)
    {
        if (!code.IsOpen)
            return false;
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<MemberAccounts>().AnyAsync(ct))
            return true;
        code.Close(); // an account was made by the command line meanwhile
        return false;
    }

    /// <summary>Makes the first owner for who knows the code. Null where the code is wrong or was used.</summary>
    internal async Task<IdentityResult?> CreateAsync(string enteredCode, string vendorName, string email, string password, CancellationToken ct)
    {
        await creating.WaitAsync(ct); // of two that hold the code, one wins
        try
        {
            if (!code.Matches(enteredCode) || !await IsMissingAsync(ct))
                return null;
            await using var scope = scopes.CreateAsyncScope();
            var accounts = scope.ServiceProvider.GetRequiredService<MemberAccounts>();
            var result = await accounts.CreateOwnerAsync(vendorName, MemberAccounts.SlugOf(vendorName), email, password, ct);
            if (result.Succeeded)
                code.Close();
            return result;
        }
        finally
        {
            creating.Release();
        }
    }

    public void Dispose() => creating.Dispose();

    private void OpenSetup()
    {
        var text = code.Open();

        // The addresses are known once the server listens. The code goes to the console, never into a log that is shipped elsewhere.
        lifetime.ApplicationStarted.Register(() =>
        {
            var address = ListenAddress.Openable(options.PublicUrl ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? options.Urls);
            Console.WriteLine($"""

                Welcome. Create the first account at

                    {address}/setup?code={text}

                The code {text} works once, until this process ends.

                """);
        });
    }
}
