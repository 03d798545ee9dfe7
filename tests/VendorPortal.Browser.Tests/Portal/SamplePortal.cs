using VendorPortal.Browser.Tests.Browser;

namespace VendorPortal.Browser.Tests.Portal;

/// <summary>A portal with the sample vendor, shared by the tests that look at its pages and change nothing.</summary>
public sealed class SamplePortal : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private PortalProcess? process;
    private string? session;

    public Uri Address => process!.Address;

    public async Task InitializeAsync()
    {
        await PortalProcess.CommandAsync(folder["data"], "demo");
        process = await PortalProcess.StartAsync(folder["data"]);
    }

    public async Task DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The cookies of an owner who has signed in, once for all tests.</summary>
    public async Task<string> SessionAsync(Chromium chromium)
    {
        if (session is not null)
            return session;
        await using var page = await chromium.OpenAsync(Address);
        await page.SignInAsync();
        return session = await page.SessionAsync();
    }
}
