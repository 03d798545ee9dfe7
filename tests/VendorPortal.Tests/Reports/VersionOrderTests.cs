using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Reports;

namespace VendorPortal.Tests.Reports;

public sealed class VersionOrderTests
{
    private static readonly string DigestA = $"sha256:{new string('a', 64)}";
    private static readonly string DigestB = $"sha256:{new string('b', 64)}";

    // Each list is in the order of the page: newest first.
    public static TheoryData<string[]> Orders => new()
    {
        { ["1.10.0", "1.9.0", "1.2.0", "1.1.9"] },
        { ["2.0.0", "v1.10.0", "1.9.0", "v1.2.0"] },
        { ["1.0.0", "1.0.0-rc.1", "1.0.0-beta.11", "1.0.0-beta.2", "1.0.0-beta", "1.0.0-alpha.beta", "1.0.0-alpha.1", "1.0.0-alpha"] },
        { ["2", "1.2.1", "1.2", "1.1.99", "1"] },
        { ["1.2.3.10", "1.2.3.9", "1.2.3"] },
        { ["2026.05.01", "2026.4.30", "2025.12"] },
        { ["2026-05-02", "2026-05-01", "2025-12-31"] },
        { ["20260501123000999999999", "20260501123000", "20260430"] },
        { ["1.25", "1.25-alpine", "1.24"] },
        { ["1.0.1+build.1", "1.0.0+build.9"] },
        { ["1.0", "Edge", "latest", "main", DigestA, DigestB] },
        { ["0.0.1", "0.0.1-0", "release-9.9.9", "sha256-abc.sig", DigestA] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void NewestFirst_AnyShuffle_IsTheOrder(string[] order)
    {
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            var shuffled = order.ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(order, shuffled.Order(VersionOrder.NewestFirst));
        }
    }

    [Theory]
    [InlineData("1.2", "1.2.0")]
    [InlineData("v1.2.0", "1.2.0")]
    [InlineData("1.0+a", "1.0+b")]
    public void NewestFirst_SamePrecedence_IsStillDecided(string a, string b)
    {
        Assert.NotEqual(0, VersionOrder.NewestFirst.Compare(a, b));
        Assert.Equal(-Math.Sign(VersionOrder.NewestFirst.Compare(a, b)), Math.Sign(VersionOrder.NewestFirst.Compare(b, a)));
    }

    [Fact]
    public void NewestFirst_AnyThreeTags_IsATotalOrder()
    {
        var tag = from parts in Gen.Elements("1", "2", "0", "10", "01", "a", "rc", "-", ".", "+", "v", "latest", "2026", "-05", "9").ListOf()
                  select string.Concat(parts);
        var three = from a in tag from b in tag from c in tag select (a, b, c);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(three.ToArbitrary(), tags =>
        {
            int Sign(string x, string y) => Math.Sign(VersionOrder.NewestFirst.Compare(x, y));
            var (a, b, c) = tags;
            return Sign(a, b) == -Sign(b, a)
                && (Sign(a, b) != 0) == (a != b)
                && (Sign(a, b) > 0 || Sign(b, c) > 0 || Sign(a, c) <= 0);
        }));
    }

    [Fact]
    public void NewestFirst_HostileTag_IsQuick()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var hostile = new string('1', 60) + string.Concat(Enumerable.Repeat("-a.", 40)) + "!";
        for (var i = 0; i < 1000; i++)
            _ = VersionOrder.NewestFirst.Compare(hostile, "1.0");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("3.2.1", 2, "3.2.x")]
    [InlineData("v3.2.1-rc.1", 1, "3.x")]
    [InlineData("3.2", 2, "3.2")]
    [InlineData("latest", 1, "latest")]
    public void Line_Version_IsWhatItBelongsTo(string version, int parts, string line) => Assert.Equal(line, VersionOrder.Line(version, parts));

    [Theory]
    [InlineData("1.4.2", true, true)]
    [InlineData("v2", true, true)]
    [InlineData("1.4.2-rc.1", true, false)]
    [InlineData("2026-05-01", true, true)]
    [InlineData("latest", false, false)]
    public void IsRelease_Version_UnlessItIsAPreRelease(string text, bool isVersion, bool isRelease) =>
        Assert.Equal((isVersion, isRelease), (VersionOrder.IsVersion(text), VersionOrder.IsRelease(text)));
}
