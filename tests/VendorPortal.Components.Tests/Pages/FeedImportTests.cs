using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Classification;
using VendorPortal.Components.Pages;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Import;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Components.Tests.Pages;

/// <summary>The page that brings the past of a feed in, beside a real import.</summary>
public sealed class FeedImportTests : PageContext
{
    private ImportJobs Jobs => Store.Services.GetRequiredService<ImportJobs>();

    [Fact]
    public async Task Page_WhileAFileArrives_ShowsHowFarItIsThenWhatBecameOfItAndWhy()
    {
        var feed = await FeedAsync(VendorStore.Acme);
        await ReceiveAsync(async () =>
        {
            var lines = Enumerable.Range(0, 1_500).Select(i => Line(i * 10)).ToList();
            var sent = Bytes([.. lines, "=1+1,<b>not a line</b>", "=2+2"]);
            var pipe = new Pipe();
            var page = RenderPage<FeedImport>(("Id", feed.PublicId));
            Assert.Equal("A file of History", Words(page.Find("#file-title")));
            Assert.Empty(page.FindAll("#job-title"));

            var job = Jobs.TryBegin(feed, "access.log", 2 * sent.Length)!;
            var import = Jobs.RunAsync(job, pipe.Reader.AsStream());
            await pipe.Writer.WriteAsync(sent);

            page.WaitForAssertion(
                () =>
                {
                    Assert.Equal("Running import", Words(page.Find("#job-title")));
                    Assert.InRange(double.Parse(page.Find("progress").GetAttribute("value")!, CultureInfo.InvariantCulture), 0.2, 0.6);
                    Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{sent.Length / 1e6:N1} of {2 * sent.Length / 1e6:N1} MB, "), Words(page.Find(".running + p")), StringComparison.Ordinal);
                },
                Patience);
            Assert.Empty(page.FindAll("dl.counts"));

            await pipe.Writer.CompleteAsync();
            await import;
            page.WaitForAssertion(() => Assert.Equal("Done. Its pulls are in Downloads.", Words(page.Find(".callout-good"))), Patience);
            Assert.Equal(["Read 1,502", "New 1,500", "Known already 0", "Not about pulls 0", "Rejected 2"], page.FindAll("dl.counts div").Select(Words));
            Assert.Equal(["2", "the line is not of the feed's log format", "line 1,501 =1+1,<b>not a line</b>"], page.FindAll("tbody td").Select(Words));
            Assert.Equal("/imports/rejected", page.Find(".section-head a").GetAttribute("href"));
            Assert.Empty(page.FindAll("td b"));
        });
    }

    [Fact]
    public async Task Page_UploadThatBreaksOff_SaysSoAndTakesTheFileAgain()
    {
        var feed = await FeedAsync(VendorStore.Acme);
        await ReceiveAsync(async () =>
        {
            var page = RenderPage<FeedImport>(("Id", feed.PublicId));
            var pipe = new Pipe();
            var job = Jobs.TryBegin(feed, "access.log", null)!;
            var import = Jobs.RunAsync(job, pipe.Reader.AsStream());
            await pipe.Writer.WriteAsync(Bytes([Line(0)]));
            await pipe.Writer.CompleteAsync(new Microsoft.AspNetCore.Connections.ConnectionResetException("gone"));
            await import;

            page.WaitForAssertion(() => Assert.StartsWith("The upload broke off before the end of the file. Send the file again", Words(page.Find("[role=alert]")), StringComparison.Ordinal), Patience);
            Assert.NotNull(page.Find("form[data-import] input[type=file]"));

            await Jobs.RunAsync(Jobs.TryBegin(feed, "access.log", null)!, new MemoryStream(Bytes([Line(0)])));
            page.WaitForAssertion(() => Assert.Equal("Done. Its pulls are in Downloads.", Words(page.Find(".callout-good"))), Patience);
            Assert.Empty(page.FindAll("[role=alert]"));
        });
    }

    [Fact]
    public async Task Page_Cancel_EndsTheImport()
    {
        var feed = await FeedAsync(VendorStore.Acme);
        await ReceiveAsync(async () =>
        {
            var pipe = new Pipe();
            var import = Jobs.RunAsync(Jobs.TryBegin(feed, "access.log", null)!, pipe.Reader.AsStream());
            var page = RenderPage<FeedImport>(("Id", feed.PublicId));

            await page.Find(".running button").ClickAsync();
            await import;

            page.WaitForAssertion(() => Assert.StartsWith("Cancelled.", Words(page.Find(".callout-warn")), StringComparison.Ordinal), Patience);
        });
    }

    [Fact]
    public async Task Page_FeedAndImportOfAnotherVendor_ShowsNeither()
    {
        var theirs = await FeedAsync(VendorStore.Globex);
        Assert.NotNull(Jobs.TryBegin(theirs, "secret.log", null));

        var page = RenderPage<FeedImport>(("Id", theirs.PublicId));

        Assert.Contains("There is no feed", Words(page.Find(".callout-warn")), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form[data-import]"));
        Assert.DoesNotContain("secret.log", page.Markup, StringComparison.Ordinal);
    }

    private static string Line(int second)
    {
        var at = new DateTime(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc).AddSeconds(second);
        return string.Create(CultureInfo.InvariantCulture, $"203.0.113.7 - alice [{at:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET /v2/acme/app/manifests/1.0 HTTP/1.1\" 200 1234 \"-\" \"docker/28.0.1\"");
    }

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + '\n')));

    private async Task<FeedIdentity> FeedAsync(int vendor)
    {
        var feed = await Store.Feeds.AddAsync(vendor, "History", FeedKind.AccessLog, AccessLogFormat.Combined, null, CancellationToken.None);
        return (await Store.Feeds.FindAsync(feed.Id, CancellationToken.None))!;
    }

    // What an import hands over to, as it runs in the portal.
    private async Task ReceiveAsync(Func<Task> work)
    {
        var journal = Store.Services.GetRequiredService<RequestJournal>();
        var classification = Store.Services.GetRequiredService<ClassificationService>();
        await classification.StartAsync(CancellationToken.None);
        await journal.StartAsync(CancellationToken.None);
        try
        {
            await work();
        }
        finally
        {
            await journal.StopAsync(CancellationToken.None);
            await classification.StopAsync(CancellationToken.None);
        }
    }
}
