using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>
/// A whole portal on 20 May 2026 that was sent the requests of a week by hand, 4 to 10 May (week 19), with what lies just outside of it and what is in no report.
/// </summary>
public sealed class GoldenWeek : IAsyncLifetime
{
    public static readonly string A = Digest('a');
    public static readonly string B = Digest('b');
    public static readonly string C = Digest('c');

    // The requests of the week as a registry would report them, and what each is there for.
    private static readonly string[] Requests =
    [
        Line("2026-05-03T23:59:59.999Z", "GET", "acme/app", "1.0", A, "203.0.113.7", "alice", "containerd/1.7.1"), // the week before, and within five seconds of the next
        Line("2026-05-04T00:00:00.000Z", "GET", "acme/app", "1.0", A, "203.0.113.7", "alice", "containerd/1.7.1"),
        Line("2026-05-05T10:00:00.000Z", "HEAD", "acme/app", "1.0", A, "203.0.113.7", "alice", "containerd/1.7.1"), // with the next one pull
        Line("2026-05-05T10:00:01.000Z", "GET", "acme/app", null, A, "203.0.113.7", "alice", "containerd/1.7.1"),
        Line("2026-05-06T12:00:00.000Z", "HEAD", "acme/app", "latest", B, "198.51.100.10", null, "curl/8.4.0"),
        Line("2026-05-07T09:00:00.000Z", "GET", "acme/app", null, B, "198.51.100.10", null, "curl/8.4.0"),
        Line("2026-05-08T09:30:00.000Z", "GET", "acme/charts/db", "2.0", C, "2001:db8::1", "bob", "Helm/3.14.0"),
        Line("2026-05-10T23:59:59.999Z", "GET", "acme/app", "1.0", A, "198.51.100.10", null, "curl/8.4.0"), // the last moment
        Line("2026-05-11T00:00:00.000Z", "GET", "acme/app", "1.0", A, "203.0.113.9", null, "curl/8.4.0"), // the week after
        Line("2026-05-06T13:00:00.000Z", "GET", "acme/app", "9.9", null, "203.0.113.7", null, "curl/8.4.0", 404), // denied
        Line("2026-05-04T08:00:00.000Z", "GET", "acme/app", "1.0", A, "203.0.113.50", "ci", "docker/28.0.1", push: true), // the publisher's push …
        Line("2026-05-05T08:00:00.000Z", "GET", "acme/app", "1.0", A, "203.0.113.50", "ci", "docker/28.0.1"), // … and own pull
        Line("2026-05-06T14:00:00.000Z", "GET", "acme/app", $"sha256-{new string('a', 64)}.sig", C, "203.0.113.60", null, "cosign/2.0.0"), // a signature
        Line("2026-05-06T15:00:00.000Z", "GET", "other/tool", "1.0", C, "203.0.113.7", "alice", "containerd/1.7.1"), // another namespace
    ];

    private readonly TestStore store = new();

    public PortalHost Portal { get; private set; } = null!;

    /// <summary>Another vendor of the portal.</summary>
    public int Rival { get; private set; }

    public async Task InitializeAsync()
    {
        var networks = Directory.CreateDirectory(Path.Combine(store.DataDirectory, "networks")).FullName;
        await File.WriteAllTextAsync(Path.Combine(networks, "countries.csv"), "203.0.113.0,203.0.113.255,DE\n");
        await File.WriteAllTextAsync(Path.Combine(networks, "aws.txt"), "198.51.100.0/24\n");
        var clock = new ShiftedTimeProvider(new DateTimeOffset(2026, 5, 20, 12, 0, 0, TimeSpan.Zero));
        Portal = await PortalHost.StartAsync(store.DataDirectory, withOwner: true, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        Rival = await Portal.AddVendorAsync("rival", "owner@rival.example");
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.Ndjson);
        var answer = await feed.PostAsync(Encoding.UTF8.GetBytes(string.Join('\n', Requests)), "application/x-ndjson");
        Assert.Equal((HttpStatusCode.OK, Requests.Length), (answer.Status, answer.Accepted));
        await PortalHost.WaitAsync(() => IsDoneAsync(context => context.RegistryRequests.AnyAsync(r => r.PullId == null)), TimeSpan.FromSeconds(60));
        await AssignAsync();
    }

    public async Task DisposeAsync()
    {
        await Portal.DisposeAsync();
        store.Dispose();
    }

    // The customer of alice becomes known afterwards, by a name that a spreadsheet would run.
    private async Task AssignAsync()
    {
        var customers = Portal.Services.GetRequiredService<CustomerDirectory>();
        var customer = await customers.CreateCustomerAsync(Portal.VendorId, "=Initech", CancellationToken.None);
        await using var context = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);
        var alice = await context.RegistryUsers.Where(u => u.Principal == "alice").Select(u => u.Id).SingleAsync();
        await customers.AssignAsync(Portal.VendorId, [alice], customer, past: true, CancellationToken.None);
        await PortalHost.WaitAsync(
            () => IsDoneAsync(c => c.RegistryUsers.AnyAsync(u => u.PastPending)), TimeSpan.FromSeconds(60));
    }

    private async Task<bool> IsDoneAsync(Func<PortalDbContext, Task<bool>> waits)
    {
        await using var context = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);
        return !await waits(context);
    }

    private static string Digest(char letter) => "sha256:" + new string(letter, 64);

    private static string Line(string at, string method, string repository, string? tag, string? digest, string address, string? user, string userAgent, int status = 200, bool push = false) =>
        System.Text.Json.JsonSerializer.Serialize(new { at, method, repository, tag, digest, status, address, user, userAgent, push });
}
