using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds.Following;

/// <summary>One portal for the tests of a class.</summary>
public sealed class FollowedPortal : IAsyncLifetime
{
    public PortalHost Portal { get; private set; } = null!;

    public async Task InitializeAsync() => Portal = await FollowedLog.StartPortalAsync();

    public async Task DisposeAsync() => await Portal.DisposeAsync();
}
