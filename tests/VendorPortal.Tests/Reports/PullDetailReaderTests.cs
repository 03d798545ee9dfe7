using VendorPortal.Classification;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports;

public sealed class PullDetailReaderTests : IDisposable
{
    private static readonly string Index = $"sha256:{new string('1', 64)}";
    private static readonly string Amd64 = $"sha256:{new string('2', 64)}";

    private readonly TestStore store = new();
    private readonly LogBuilder log;
    private readonly PullDetailReader reader;

    public PullDetailReaderTests()
    {
        log = new LogBuilder(store);
        reader = new PullDetailReader(store.Database);
    }

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task Read_WithRequests_HasThemInOrderWithPlatformMediaTypeAndWords()
    {
        var pull = AddPull();
        AddRequestsOf(pull);
        var detail = await reader.ReadAsync(1, pull.Id, CancellationToken.None);
        Assert.NotNull(detail);
        Assert.Equal(pull.Id, detail.Item.Id);
        Assert.Equal(PullRule.HeadTagGetChildren, detail.Rule);
        Assert.Equal("docker/27.1 go/1.22", detail.UserAgent);
        Assert.Equal(
            "HEAD by tag, then GET of the digest it answered with (0.31 s), then GET of the linux/amd64 manifest listed in it (0.27 s): one pull of a multi-architecture image.",
            detail.Explanation);
        Assert.Equal(["1.0", Index, Amd64], detail.Requests.Select(request => request.Reference));
        Assert.Equal([null, null, "linux/amd64"], detail.Requests.Select(request => request.Platform));
        Assert.Equal("application/vnd.oci.image.index.v1+json", detail.Requests[0].MediaType);
        Assert.All(detail.Requests, request => Assert.Equal("hub", request.Feed));
        Assert.Equal(TimeSpan.FromTicks(3_101_234), detail.Requests[1].AtUtc - detail.Requests[0].AtUtc);
    }

    [Fact]
    public async Task Read_RequestsOfANeighbour_StayWithTheNeighbour()
    {
        var pull = AddPull();
        var neighbour = log.Add(new LoggedPull { At = pull.At.AddMilliseconds(100) });
        AddRequestsOf(pull);
        log.AddRequests(neighbour, (TimeSpan.Zero, RequestMethod.Get, "1.0", Index, 200));
        Assert.Equal(3, (await reader.ReadAsync(1, pull.Id, CancellationToken.None))!.Requests.Count);
        Assert.Single((await reader.ReadAsync(1, neighbour.Id, CancellationToken.None))!.Requests);
    }

    [Fact]
    public async Task Read_JournalGone_StillExplains()
    {
        var detail = await reader.ReadAsync(1, AddPull().Id, CancellationToken.None);
        Assert.NotNull(detail);
        Assert.Empty(detail.Requests);
        Assert.EndsWith("The 3 requests behind it are no longer kept.", detail.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PullOfAnotherVendor_IsNotThere()
    {
        var pull = AddPull();
        Assert.Null(await reader.ReadAsync(2, pull.Id, CancellationToken.None));
        Assert.Null(await reader.ReadAsync(1, pull.Id + 1, CancellationToken.None));
        Assert.Null(await reader.ReadAsync(1, long.MaxValue, CancellationToken.None));
        Assert.Null(await reader.ReadAsync(1, -1, CancellationToken.None));
    }

    [Fact]
    public async Task Read_PublishersOwnPull_CanBeOpened() =>
        Assert.NotNull(await reader.ReadAsync(1, log.Add(new LoggedPull { Publisher = true }).Id, CancellationToken.None));

    private LoggedPull AddPull() => log.Add(new LoggedPull
    {
        Digest = Index, Requests = 3, Rule = PullRule.HeadTagGetChildren, Client = ("docker/27.1 go/1.22", "docker", "27.1"),
    });

    private void AddRequestsOf(LoggedPull pull)
    {
        log.AddIndex(1, Index, (Amd64, "linux/amd64"));
        log.AddRequests(
            pull,
            (TimeSpan.Zero, RequestMethod.Head, "1.0", Index, 200),
            (TimeSpan.FromTicks(3_101_234), RequestMethod.Get, Index, Index, 200),
            (TimeSpan.FromTicks(5_801_234), RequestMethod.Get, Amd64, Amd64, 200));
    }
}
