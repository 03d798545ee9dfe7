using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Classification;

/// <summary>Requests by tag of a feed that does not tell what the tag stands for, as a log without digests.</summary>
public sealed class BlindRequestsTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static Gen<RegistryRequest[]> Blind => RequestGenerators.Requests(14).Select(requests =>
        requests.Select(r => r with { Status = 200, Digest = r.Tag is null ? r.Digest : null }).ToArray());

    private static List<string> Classify(IEnumerable<RegistryRequest> requests) =>
        [.. Actions([.. requests]).Select(Words).Order(StringComparer.Ordinal)];

    private static List<PullAction> Actions(RegistryRequest[] requests) => PullClassifier.Classify([.. requests.Select(RequestGenerators.Facts)], RequestGenerators.Graph());

    private static string Words(PullAction action) => $"{action.Kind} {action.Tag ?? action.Root} {string.Join(',', action.Requests.Select(r => r.EventId))}";

    private static RegistryRequest[] Session(params string[] steps) => [.. steps.Select((step, i) => Pipeline.Request(
        $"b{i}", i * 0.1, step[0] == 'H' ? RequestMethod.Head : RequestMethod.Get, step[1] == '#' ? "1.0" : null, step[1] == '#' ? 0 : step[1] - '0')
        with { Digest = step[1] == '#' ? null : RequestGenerators.Digest(step[1] - '0') })];

    [Theory]
    [InlineData("H#", "VersionCheck")]
    [InlineData("G#", "PullByTag")]
    [InlineData("H# G1 G2", "PullByTag")]
    [InlineData("H# G9", "PullByTag")]
    [InlineData("G# G2 G3 G4", "PullByTag")]
    [InlineData("H# G2 G3", "PullByTag")]
    [InlineData("G# G2 G9", "PullByTag PullByDigest")]
    [InlineData("H# H# G1", "PullByTag VersionCheck")]
    public void Classify_TagWithoutDigest_SaysWhatCanBeKnown(string steps, string expected) =>
        Assert.Equal(expected.Split(' '), Actions(Session(steps.Split(' '))).Select(a => a.Kind.ToString()));

    [Fact]
    public void Classify_InAnyOrder_IsTheSame() => Check.One(Many, Prop.ForAll(
        (from requests in Blind from order in Gen.Shuffle(requests) select (requests, order)).ToArbitrary(),
        sample => Assert.Equal(Classify(sample.requests), Classify(sample.order))));

    [Fact]
    public void Classify_WithoutTheRequestsOfAnAction_LeavesTheOthers() => Check.One(Many, Prop.ForAll(Blind.ToArbitrary(), requests =>
    {
        foreach (var action in Actions(requests))
        {
            var gone = action.Requests.Select(r => r.EventId).ToHashSet();
            var expected = Classify(requests).Where(w => w != Words(action));

            Assert.Equal(expected, Classify(requests.Where(r => !gone.Contains(r.EventId.Value))));
        }
    }));
}
