using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Feeds;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Enrichment;

/// <summary>The whole way: what is decided later reaches the pulls that are in the log already, in seconds.</summary>
public sealed class PublisherPastTests
{
    [Fact]
    public async Task Push_ByAnAccountThatPulledBefore_LabelsItsEarlierPullsAndTheRollUp()
    {
        await using var portal = await PortalHost.StartAsync();
        var feed = await portal.Services.GetRequiredService<FeedDirectory>().AddAsync(portal.VendorId, "test", FeedKind.Ndjson, null, CancellationToken.None);
        var at = DateTime.UtcNow.AddHours(-1);
        await PostAsync(portal, feed, Line(at, "GET", "ci", push: false) + Line(at.AddMinutes(1), "GET", "alice", push: false));
        await PortalHost.WaitAsync(async () => (await LabelsAsync(portal)).SequenceEqual([PullLabels.None, PullLabels.None]), TimeSpan.FromSeconds(30));

        await PostAsync(portal, feed, Line(at.AddMinutes(2), "GET", "ci", push: true));

        await PortalHost.WaitAsync(async () => (await LabelsAsync(portal)).SequenceEqual([PullLabels.Publisher, PullLabels.None]), TimeSpan.FromSeconds(30));
        await using var context = Open(portal);
        var days = await context.DailyArtifactPulls.ToListAsync();
        Assert.Equal((1, 1), (days.Sum(d => d.Tag), days.Sum(d => d.Labelled)));
    }

    private static string Line(DateTime at, string method, string user, bool push) =>
        $$"""{"at":"{{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","method":"{{method}}","repository":"acme/app","tag":"1.0","digest":"sha256:{{new string('a', 64)}}","address":"203.0.113.7","user":"{{user}}","push":{{(push ? "true" : "false")}}}""" + "\n";

    private static async Task PostAsync(PortalHost portal, CreatedFeed feed, string lines)
    {
        using var client = portal.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", feed.Secret);
        using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var answer = await client.PostAsync(new Uri($"/ingest/{feed.Id}", UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static PortalDbContext Open(PortalHost portal) => portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(portal.VendorId);

    private static async Task<List<PullLabels>> LabelsAsync(PortalHost portal)
    {
        await using var context = Open(portal);
        return await context.Pulls.OrderBy(p => p.Id).Select(p => p.Labels).ToListAsync();
    }
}
