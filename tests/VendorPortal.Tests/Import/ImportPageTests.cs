using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Import;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Import;

/// <summary>Files that are uploaded into a feed, over real HTTP: who may, what is answered, and what the page and the list say afterwards.</summary>
public sealed class ImportPageTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private const string TokenHeader = "RequestVerificationToken";

    private PortalHost Portal => fixture.Portal;

    private ImportJobs Jobs => Portal.Services.GetRequiredService<ImportJobs>();

    [Fact]
    public async Task Post_GzipOfLogLines_IsImportedShownAndItsRejectsListed()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.AccessLog);
        using var browser = await BrowserAsync(feed);
        var lines = PastLog.Random(1, 100).Append("=1+1,<b>not a line</b>");

        using var answer = await PostAsync(browser, feed, Gzip(lines), "access.log.gz");

        var counts = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((HttpStatusCode.OK, 101, 100, 1), (answer.StatusCode, counts.GetProperty("read").GetInt32(), counts.GetProperty("accepted").GetInt32() + counts.GetProperty("duplicates").GetInt32() + counts.GetProperty("ignored").GetInt32(), counts.GetProperty("rejected").GetInt32()));
        var page = await browser.GetStringAsync($"/feeds/{feed.Feed.Id}/import");
        Assert.Contains("Last import", page, StringComparison.Ordinal);
        Assert.Contains("access.log.gz", page, StringComparison.Ordinal);
        Assert.Contains("=1&#x2B;1,&lt;b&gt;not a line", page, StringComparison.Ordinal);
        using var list = await browser.GetAsync("/imports/rejected");
        Assert.Equal("text/csv", list.Content.Headers.ContentType?.MediaType);
        var rows = (await list.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("Line,Reason,Sample", rows[0]);
        Assert.StartsWith("101,", rows[1], StringComparison.Ordinal);
        Assert.Contains("\"'=1+1,<b>not a line</b>\"", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithoutSignInTokenOrFeed_IsRefusedAndBeginsNothing()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.AccessLog);
        var theirs = await Portal.AddVendorAsync("rival", "owner@rival.example");
        using var theirFeed = await FeedClient.AddAsync(Portal, FeedKind.AccessLog, theirs);
        using var stranger = Portal.Client();
        using var program = await Portal.ApiClientAsync();
        using var noToken = await Portal.SignInAsync();
        using var browser = await BrowserAsync(feed);
        var before = Jobs.Find(Portal.VendorId);

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(stranger, feed, Text(["x"]), "a")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(program, feed, Text(["x"]), "a")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(noToken, feed, Text(["x"]), "a")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(browser, theirFeed, Text(["x"]), "a")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/imports/rejected")).StatusCode);

        Assert.Same(before, Jobs.Find(Portal.VendorId));
        Assert.Null(Jobs.Find(theirs));
        Assert.DoesNotContain("data-import", await browser.GetStringAsync($"/feeds/{theirFeed.Feed.Id}/import"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WhileAnotherRuns_Is409AndTheFirstCanBeCancelled()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.AccessLog);
        using var browser = await BrowserAsync(feed);
        using var upload = new SlowUpload(PastLog.Random(2, 2_000));
        var first = PostAsync(browser, feed, upload, "slow.log");
        await upload.Started;
        await Eventually.TrueAsync(() => Task.FromResult(Jobs.Find(Portal.VendorId) is { IsRunning: true, FileName: "slow.log" }), "the first runs");
        Assert.Contains("Running import", await browser.GetStringAsync($"/feeds/{feed.Feed.Id}/import"), StringComparison.Ordinal);

        using var second = await PostAsync(browser, feed, Text(PastLog.Random(3, 10)), "second.log");
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("Another import is running", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var job = Jobs.Find(Portal.VendorId)!;
        job.Cancel();
        await Eventually.TrueAsync(() => Task.FromResult(!job.IsRunning), "the first ends");
        upload.Finish();
        Assert.Equal((ImportState.Cancelled, "slow.log"), (job.State, job.FileName));
        await Record.ExceptionAsync(() => first); // answered or cut off, as the body was not read to its end
    }

    [Fact]
    public async Task Post_ThatBreaksOff_FailsInWordsAndTheSameFileCompletesIt()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.AccessLog);
        using var browser = await BrowserAsync(feed);
        var lines = PastLog.Random(4, 3_000);
        using var upload = new SlowUpload(lines);
        using var leaving = new CancellationTokenSource();
        var first = PostAsync(browser, feed, upload, "cut.log", leaving.Token);
        await upload.Started;
        await Eventually.TrueAsync(() => Task.FromResult(Jobs.Find(Portal.VendorId) is { FileName: "cut.log", Monitor.Bytes: > 0 }), "some has arrived");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var job = Jobs.Find(Portal.VendorId)!;
        await Eventually.TrueAsync(() => Task.FromResult(!job.IsRunning), "it is noticed");
        Assert.Equal(ImportState.Failed, job.State);
        Assert.StartsWith("The upload broke off", job.Failure, StringComparison.Ordinal);

        using var again = await PostAsync(browser, feed, Text(lines), "cut.log");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(3_000, Jobs.Find(Portal.VendorId)!.Counts!.Read);
    }

    [Fact]
    public async Task Post_FileOfAnotherFormat_SaysSo()
    {
        using var feed = await FeedClient.AddAsync(Portal, FeedKind.AccessLog);
        using var browser = await BrowserAsync(feed);

        using var answer = await PostAsync(browser, feed, Text(["a,b", "c,d"]), "customers.csv");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("customers.csv cannot be imported as accesslog: None of the first 2 lines", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BeyondTheConfiguredSize_Is413()
    {
        await using var small = await PortalHost.StartAsync("--Portal:Ingest:MaxImportBytes=1000");
        using var feed = await FeedClient.AddAsync(small, FeedKind.AccessLog);
        using var browser = await BrowserAsync(feed, small);

        using var known = await PostAsync(browser, feed, Text(PastLog.Random(5, 100)), "large.log");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, known.StatusCode);
        Assert.Null(small.Services.GetRequiredService<ImportJobs>().Find(small.VendorId));

        using var chunked = new SlowUpload(PastLog.Random(5, 100));
        chunked.Finish();
        using var another = await BrowserAsync(feed, small); // the refused body has cost the first one its connection
        var ended = await Record.ExceptionAsync(() => PostAsync(another, feed, chunked, "chunked.log"));
        var jobs = small.Services.GetRequiredService<ImportJobs>();
        await Eventually.TrueAsync(() => Task.FromResult(jobs.Find(small.VendorId) is { IsRunning: false }), $"it is refused ({ended?.Message})");
        Assert.Contains("larger than the operator", jobs.Find(small.VendorId)!.Failure, StringComparison.Ordinal);
    }

    private async Task<HttpClient> BrowserAsync(FeedClient feed, PortalHost? portal = null)
    {
        var browser = await (portal ?? Portal).SignInAsync();
        browser.DefaultRequestHeaders.Add(TokenHeader, await PortalHost.FormTokenAsync(browser, $"/feeds/{feed.Feed.Id}/import"));
        return browser;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, FeedClient feed, HttpContent file, string name, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/imports/{feed.Feed.Id}?name={name}") { Content = file };
        return await client.SendAsync(request, ct);
    }

    private static ByteArrayContent Text(IEnumerable<string> lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    private static ByteArrayContent Gzip(IEnumerable<string> lines)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return new ByteArrayContent(output.ToArray());
    }

    /// <summary>Sends its lines at once, then waits to be finished.</summary>
    private sealed class SlowUpload(IEnumerable<string> lines) : HttpContent
    {
        private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => started.Task;

        public void Finish() => finish.TrySetResult();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + '\n'), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            started.TrySetResult();
            await finish.Task.WaitAsync(cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
