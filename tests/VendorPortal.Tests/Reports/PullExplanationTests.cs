using VendorPortal.Classification;
using VendorPortal.Reports;

namespace VendorPortal.Tests.Reports;

public sealed class PullExplanationTests
{
    private static readonly DateTime Start = new(2026, 5, 1, 10, 0, 0, DateTimeKind.Utc);
    private static readonly string Index = $"sha256:{new string('1', 64)}";
    private static readonly string Amd64 = $"sha256:{new string('2', 64)}";
    private static readonly string Arm64 = $"sha256:{new string('3', 64)}";

    [Fact]
    public void Of_HeadTag_IsAVersionCheck() => AssertWords(
        PullKind.VersionCheck, PullRule.HeadTag, [Head("1.0", 0)],
        "HEAD by tag and nothing fetched within 5 s: a version check, as the client learned what the tag stands for and fetched nothing.");

    [Fact]
    public void Of_GetTagNotModified_ShowsWhatWasSent() => AssertWords(
        PullKind.VersionCheck, PullRule.HeadTag, [Get("1.0", 0) with { Status = 304 }],
        "GET by tag (not modified) and nothing fetched within 5 s: a version check, as the client learned what the tag stands for and fetched nothing.");

    [Fact]
    public void Of_GetTag_IsOnePullByTag() => AssertWords(
        PullKind.PullByTag, PullRule.GetTag, [Get("1.0", 0)], "GET by tag and nothing after it within 5 s: one pull by tag.");

    [Fact]
    public void Of_GetTagChildren_NamesThePlatform() => AssertWords(
        PullKind.PullByTag, PullRule.GetTagChildren, [Get("1.0", 0), Get(Amd64, 270, "linux/amd64")],
        "GET by tag, then GET of the linux/amd64 manifest listed in it (0.27 s): one pull of a multi-architecture image.");

    [Fact]
    public void Of_GetTagAndAnotherDigestOfUnknownGraph_DoesNotClaimToKnow() => AssertWords(
        PullKind.PullByTag, PullRule.GetTagChildren, [Get("1.0", 0), Get(Amd64, 1)],
        "GET by tag, then GET of another digest (under 0.01 s): one pull of a multi-architecture image.");

    [Fact]
    public void Of_HeadTagGet_IsOnePullByTag() => AssertWords(
        PullKind.PullByTag, PullRule.HeadTagGet, [Head("1.0", 0), Get(Index, 310)],
        "HEAD by tag, then GET of the digest it answered with (0.31 s): one pull by tag.");

    [Fact]
    public void Of_HeadTagGetByTheSameTag_SaysSo() => AssertWords(
        PullKind.PullByTag, PullRule.HeadTagGet, [Head("1.0", 0), Get("1.0", 4990)],
        "HEAD by tag, then GET by the same tag (4.99 s): one pull by tag.");

    [Fact]
    public void Of_HeadTagGetChildren_TellsEachStepWithItsDistance() => AssertWords(
        PullKind.PullByTag, PullRule.HeadTagGetChildren, [Head("1.0", 0), Get(Index, 310), Get(Amd64, 580, "linux/amd64")],
        "HEAD by tag, then GET of the digest it answered with (0.31 s), then GET of the linux/amd64 manifest listed in it (0.27 s): one pull of a multi-architecture image.");

    [Fact]
    public void Of_HeadTagChildren_SaysTheIndexIsHeld() => AssertWords(
        PullKind.PullByTag, PullRule.HeadTagChildren, [Head("1.0", 0), Get(Arm64, 100, "linux/arm64/v8")],
        "HEAD by tag, then GET of the linux/arm64/v8 manifest listed in the index (0.10 s): one pull of a multi-architecture image whose index the client holds already.");

    [Fact]
    public void Of_GetDigest_IsOnePullByDigest() => AssertWords(
        PullKind.PullByDigest, PullRule.GetDigest, [Get(Index, 0)], "GET by digest and nothing after it within 5 s: one pull by digest.");

    [Fact]
    public void Of_HeadDigest_SaysTheContentIsHeld() => AssertWords(
        PullKind.PullByDigest, PullRule.HeadDigest, [Head(Index, 0)],
        "HEAD by digest and nothing fetched within 5 s: one pull by digest of content the client holds already.");

    [Fact]
    public void Of_GetDigestChildren_IsMultiArchitecture() => AssertWords(
        PullKind.PullByDigest, PullRule.GetDigestChildren, [Get(Index, 0), Get(Amd64, 50, "linux/amd64"), Get(Arm64, 150, "linux/arm64")],
        "GET by digest, then GET of the linux/amd64 manifest listed in it (0.05 s), then GET of the linux/arm64 manifest listed in it (0.10 s): one pull of a multi-architecture image.");

    [Fact]
    public void Of_HeadDigestGet_IsOnePullByDigest() => AssertWords(
        PullKind.PullByDigest, PullRule.HeadDigestGet, [Head(Index, 0), Get(Index, 20)],
        "HEAD by digest, then GET of the same digest (0.02 s): one pull by digest.");

    [Fact]
    public void Of_HeadDigestGetChildren_IsMultiArchitecture() => AssertWords(
        PullKind.PullByDigest, PullRule.HeadDigestGetChildren, [Head(Index, 0), Get(Index, 20), Get(Amd64, 40, "linux/amd64")],
        "HEAD by digest, then GET of the same digest (0.02 s), then GET of the linux/amd64 manifest listed in it (0.02 s): one pull of a multi-architecture image.");

    [Fact]
    public void Of_HeadDigestChildren_SaysTheIndexIsHeld() => AssertWords(
        PullKind.PullByDigest, PullRule.HeadDigestChildren, [Head(Index, 0), Get(Amd64, 20, "linux/amd64")],
        "HEAD by digest, then GET of the linux/amd64 manifest listed in the index (0.02 s): one pull of a multi-architecture image whose index the client holds already.");

    [Fact]
    public void Of_ManyManifests_TellsTheirNumberAndTheTimeOfAll()
    {
        var children = Enumerable.Range(0, 12).Select(i => Get($"sha256:{i:x64}", 100 * (i + 1), "linux/any")).ToList();
        AssertWords(
            PullKind.PullByTag, PullRule.GetTagChildren, [Get("1.0", 0), .. children],
            "GET by tag, then GET of 12 manifests listed in it (1.20 s): one pull of a multi-architecture image.");
    }

    [Fact]
    public void Of_RequestsOnePastTheOther_KeepsTheProbeOfTheDigest() => AssertWords(
        PullKind.PullByTag, PullRule.HeadTagGet, [Head("1.0", 0), Head(Index, 100), Get(Index, 200)],
        "HEAD by tag, then HEAD of the digest it answered with (0.10 s), then GET of the digest it answered with (0.10 s): one pull by tag.");

    [Theory]
    [InlineData(1, "The request behind it is no longer kept.")]
    [InlineData(3, "The 3 requests behind it are no longer kept.")]
    public void Of_EveryRuleWithoutRequests_StillExplains(int requests, string end)
    {
        foreach (var rule in Enum.GetValues<PullRule>().Except([PullRule.Refused, PullRule.Imported]))
        {
            var words = PullExplanation.Of(Item(PullKind.PullByTag, requests), rule, [], new HashSet<string>());
            Assert.EndsWith(end, words, StringComparison.Ordinal);
            Assert.StartsWith(rule.ToString().StartsWith("Head", StringComparison.Ordinal) ? "HEAD by " : "GET by ", words, StringComparison.Ordinal);
            Assert.Contains(rule.ToString().Contains("Tag", StringComparison.Ordinal) ? " by tag" : " by digest", words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_ImportedPull_SaysWhoClassifiedIt()
    {
        Assert.Equal(
            "Classified by its source before it was imported: a version check.",
            PullExplanation.Of(Item(PullKind.VersionCheck, 1), PullRule.Imported, [Head("1.0", 0)], new HashSet<string>()));
        Assert.StartsWith("Classified by its source before it was imported: one pull by tag. ", PullExplanation.Of(Item(PullKind.PullByTag, 1), PullRule.Imported, [], new HashSet<string>()), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_PartOfTheRequestsKept_SaysHowMany()
    {
        var words = PullExplanation.Of(Item(PullKind.PullByTag, 3), PullRule.HeadTagGetChildren, [Get(Index, 0)], new HashSet<string>());
        Assert.Equal("HEAD by tag, then GET of what it answered with, then GET of what is listed in it: one pull of a multi-architecture image. Of its 3 requests 1 is still kept.", words);
    }

    [Theory]
    [InlineData(401, "asked for with credentials, refused (401): nothing was pulled, and nothing else that this client asked for was answered within 5 s. The account is the one the client named; its credentials were not accepted.")]
    [InlineData(403, "not allowed (403): nothing was pulled, and nothing else that this client asked for was answered within 5 s.")]
    [InlineData(404, "not found (404): nothing was pulled, and nothing else that this client asked for was answered within 5 s.")]
    [InlineData(429, "asked too often (429): nothing was pulled, and nothing else that this client asked for was answered within 5 s.")]
    public void Of_Denied_TellsWhatTheClientWasTold(int status, string words) =>
        Assert.Equal($"GET by tag, {words}", Denied(status, Refused(0, status)));

    [Fact]
    public void Of_DeniedSeveralTimes_TellsTheStepsAndTheLastAnswer() => Assert.StartsWith(
        "HEAD by tag, then GET of the same (0.10 s), at last not allowed (403): nothing was pulled", Denied(403, Refused(0, 429) with { Method = RequestMethod.Head }, Refused(100, 403)), StringComparison.Ordinal);

    [Fact]
    public void Of_DeniedManyTimes_TellsTheirNumber() => Assert.StartsWith(
        "GET by tag and 24 more requests for it (24.00 s), not found (404): nothing was pulled", Denied(404, [.. Enumerable.Range(0, 25).Select(i => Refused(i * 1000, 404))]), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "The 7 requests behind it are no longer kept.")]
    [InlineData(90, "The 7 requests behind it were removed after 90 days by retention; the rule and the counts stay.")]
    [InlineData(1, "The 7 requests behind it were removed after 1 day by retention; the rule and the counts stay.")]
    public void Of_DeniedWithoutRequests_StillTellsTheStatus(int? removedAfterDays, string end)
    {
        var words = PullExplanation.Of(Item(PullKind.Denied, 7) with { Status = 404, Tag = "1.0" }, PullRule.Refused, [], new HashSet<string>(), removedAfterDays);
        Assert.StartsWith("Asked for by tag, not found (404): nothing was pulled", words, StringComparison.Ordinal);
        Assert.EndsWith(end, words, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MoreRequestsThanAreShown_SaysSo() => Assert.EndsWith(
        "Of its 900 requests the first 500 are shown.",
        PullExplanation.Of(Item(PullKind.Denied, 900) with { Status = 404 }, PullRule.Refused, [.. Enumerable.Range(0, 500).Select(i => Refused(i, 404))], new HashSet<string>()),
        StringComparison.Ordinal);

    private static string Denied(int status, params PullRequestLine[] requests) =>
        PullExplanation.Of(Item(PullKind.Denied, requests.Length) with { Status = status, Tag = "1.0", Digest = null }, PullRule.Refused, requests, new HashSet<string>());

    private static PullRequestLine Refused(int milliseconds, int status) => Get("1.0", milliseconds) with { Status = status, Digest = null };

    private static void AssertWords(PullKind kind, PullRule rule, PullRequestLine[] requests, string words)
    {
        var listed = requests.Where(request => request.Platform is not null).Select(request => request.Reference).ToHashSet();
        Assert.Equal(words, PullExplanation.Of(Item(kind, requests.Length), rule, requests, listed));
    }

    private static PullItem Item(PullKind kind, int requests) =>
        new() { Id = 1, AtUtc = Start, Kind = kind, Artifact = "acme/app", Version = "1.0", Digest = Index, Requests = requests };

    private static PullRequestLine Head(string reference, int milliseconds) => Get(reference, milliseconds) with { Method = RequestMethod.Head };

    private static PullRequestLine Get(string reference, int milliseconds, string? platform = null) =>
        new(Start.AddMilliseconds(milliseconds), RequestMethod.Get, reference, reference.Contains(':', StringComparison.Ordinal) ? reference : Index, 200, "hub", null, platform);
}
