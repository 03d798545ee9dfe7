using VendorPortal.Classification;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Classification;

/// <summary>When a refusal is a row, when it is forgiven, and what is folded.</summary>
public sealed class RefusalFolderTests
{
    private int events;

    [Theory]
    [InlineData(401, true, true)]
    [InlineData(401, false, false)] // how every client begins
    [InlineData(403, false, true)]
    [InlineData(404, false, true)]
    [InlineData(429, false, true)]
    [InlineData(405, true, false)]
    [InlineData(500, true, false)]
    [InlineData(302, true, false)]
    public void IsEligible_Refusals_AreThoseOfTheClient(int status, bool hasUser, bool eligible)
    {
        Assert.Equal(eligible, Eligibility.IsEligible(status, hasUser, isPush: false));
        Assert.False(Eligibility.IsEligible(status, hasUser, isPush: true));
    }

    [Fact]
    public void Refusal_Alone_IsARowWithItsStatus() => AssertRows(["Denied 403 1.0×1"], Refused(0, "1.0", 403));

    [Theory]
    [InlineData(5.0, "forgiven ×1|PullByTag 1.0×1")]
    [InlineData(5.0000001, "Denied 429 1.0×1|PullByTag 1.0×1")]
    public void Refusal_SuccessWithinTheWindowAfterIt_IsForgiven(double after, string rows) =>
        AssertRows(rows.Split('|'), Refused(0, "1.0", 429), Success(after, "1.0"));

    [Fact]
    public void Refusal_SuccessBeforeIt_IsNotForgiven() => AssertRows(["Denied 404 2.0×1", "PullByTag 1.0×1"], Success(0, "1.0"), Refused(1, "2.0", 404));

    [Fact]
    public void Refusals_AnotherReferenceInBetween_AreStillOneBout() =>
        AssertRows(["forgiven ×3", "PullByTag 3.0×1"], Refused(0, "1.0", 404), Refused(4, "2.0", 404), Refused(8, "1.0", 404), Success(12, "3.0"));

    [Fact]
    public void Refusals_OfTheSameReference_AreOneRowEachReferenceIsItsOwn() =>
        AssertRows(["Denied 404 1.0×3", "Denied 404 2.0×1"], Refused(0, "1.0", 404), Refused(1, "2.0", 404), Refused(2, "1.0", 404), Refused(6, "1.0", 404));

    [Fact]
    public void Refusals_OfDifferentStatus_KeepWhatTheClientWasLeftWith() =>
        AssertRows(["Denied 403 1.0×3"], Refused(0, "1.0", 429), Refused(1, "1.0", 429), Refused(2, "1.0", 403));

    [Fact]
    public void Refusals_MoreThanTheWindowApart_AreTwoRows() =>
        AssertRows(["Denied 404 1.0×1", "Denied 404 1.0×1"], Refused(0, "1.0", 404), Refused(5.0000001, "1.0", 404));

    [Fact]
    public void Refusals_WithoutAnEnd_AreARowAMinute()
    {
        var rows = Classify([.. Enumerable.Range(0, 300).Select(i => Refused(i, "1.0", 404))]);

        Assert.Equal(["Denied 404 1.0×61", "Denied 404 1.0×61", "Denied 404 1.0×61", "Denied 404 1.0×61", "Denied 404 1.0×56"], rows);
    }

    [Fact]
    public void Refusal_BetweenTheRequestsOfAPull_NeitherJoinsNorStretchesIt() =>
        AssertRows(["Denied 404 9.0×1", "VersionCheck 1.0×1"], [Refused(4, "9.0", 404), Success(0, "1.0", RequestMethod.Head)]);

    private void AssertRows(string[] expected, params ClassifiableRequest[] requests) => Assert.Equal(expected, Classify(requests));

    private static List<string> Classify(ClassifiableRequest[] requests) =>
        [.. PullClassifier.Classify([.. requests], ManifestGraph.Empty).Select(a => a.IsForgiven ? $"forgiven ×{a.Requests.Count}" : $"{a.Kind}{(a.Status is { } status ? $" {status}" : "")} {a.Tag}×{a.Requests.Count}")];

    private ClassifiableRequest Refused(double second, string tag, int status) => Request(second, tag, status, RequestMethod.Get, null);

    private ClassifiableRequest Success(double second, string tag, RequestMethod method = RequestMethod.Get) => Request(second, tag, 200, method, RequestGenerators.Digest(1));

    private ClassifiableRequest Request(double second, string tag, int status, RequestMethod method, string? digest) => new()
    {
        Id = ++events,
        Ticks = RequestGenerators.Start.Ticks + (long)Math.Round(second * TimeSpan.TicksPerSecond),
        Method = method,
        Tag = tag,
        Status = status,
        Digest = digest,
        EventId = (UInt128)events,
    };
}
