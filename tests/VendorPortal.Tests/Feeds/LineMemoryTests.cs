using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

public sealed class LineMemoryTests
{
    private static readonly DateTime Now = new(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc);

    private static AccessLog Open(LineMemory memory) => new(new AccessLogFormat(AccessLogFormat.CombinedName).Layout(), memory);

    private static string Line((int Second, int Tag) line) => string.Create(
        CultureInfo.InvariantCulture, $"203.0.113.7 - - [01/May/2026:12:00:{line.Second:00} +0000] \"GET /v2/acme/app/manifests/{line.Tag} HTTP/1.1\" 200 4 \"-\" \"x\"\n");

    [Fact]
    public void Memory_WrittenDownBetweenAnyTwoLines_GivesTheSameKeysAndDates() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        (from lines in Gen.ListOf(from second in Gen.Choose(0, 9) from tag in Gen.Choose(0, 2) select (second, tag), 60) from cut in Gen.Choose(0, 60) select (lines, cut)).ToArbitrary(),
        sample =>
        {
            var whole = FeedText.Parse(Open(LineMemory.FromBytes(42, null)), string.Concat(sample.lines.Select(Line)), Now);
            var first = LineMemory.FromBytes(42, null);
            var before = FeedText.Parse(Open(first), string.Concat(sample.lines.Take(sample.cut).Select(Line)), Now);
            var after = FeedText.Parse(Open(LineMemory.FromBytes(42, first.ToBytes())), string.Concat(sample.lines.Skip(sample.cut).Select(Line)), Now);

            Assert.Equal(whole.Requests.Select(r => (r.EventId, r.AtUtc)), before.Requests.Concat(after.Requests).Select(r => (r.EventId, r.AtUtc)));
        }));

    [Fact]
    public void Memory_OfManyLines_IsBounded()
    {
        var memory = LineMemory.FromBytes(42, null);
        var text = new StringBuilder();
        for (var i = 0; i < 40_000; i++)
            text.Append(Line((i / 4_000, i)));
        FeedText.Parse(Open(memory), text.ToString(), Now);

        Assert.InRange(memory.ToBytes().Length, 1, 128 * 1024);
    }

    [Fact]
    public void Memory_DamagedBytes_IsAnEmptyOne() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes =>
        {
            var memory = LineMemory.FromBytes(42, [9, .. bytes]);
            Assert.Equal(LineMemory.FromBytes(42, null).ToBytes(), memory.ToBytes());
            LineMemory.FromBytes(42, [1, .. bytes]); // does not throw
        }));
}
