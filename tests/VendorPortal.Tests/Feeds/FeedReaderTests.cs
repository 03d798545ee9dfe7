using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Feeds;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

public sealed class FeedReaderTests
{
    private const string Good = """{"at":"2026-05-01T10:00:00.123Z","method":"GET","repository":"acme/app","tag":"1.0"}""";
    private static readonly DateTime Now = new(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc);

    private static FeedReader Open(Stream stream, bool follows = false) => new(stream, new Ndjson(), new ManualTimeProvider(new DateTimeOffset(Now)), 1_000) { Follows = follows };

    [Fact]
    public void Lines_CutAnywhere_AreTheSameLines() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        (from lines in Gen.ListOf(Gen.Elements(Good, "", "x", "{}", Good + "\r"), 30) from chunk in Gen.Choose(1, 200) select (lines, chunk)).ToArbitrary(),
        sample =>
        {
            var text = Encoding.UTF8.GetBytes($"{Good}\n{string.Join('\n', sample.lines)}");
            var (whole, cut) = (FeedText.Parse(new Ndjson(), text, Now), FeedText.Parse(new Ndjson(), text, Now, sample.chunk));

            Assert.Equal(whole.Requests, cut.Requests);
            Assert.Equal(whole.Rejected, cut.Rejected);
        }));

    [Theory]
    [InlineData(FeedReader.MaxLine - 1, 0)]
    [InlineData(FeedReader.MaxLine + 1, 1)]
    [InlineData(FeedReader.MaxLine * 3, 1)]
    [InlineData(FeedReader.MaxLine * 9, 1)]
    public void Line_LongerThanTheLimit_IsRefusedAndItsNeighboursKept(int length, int refused)
    {
        var line = Good[..^1] + new string(' ', length - Good.Length) + "}";

        var batch = FeedText.Parse(new Ndjson(), $"{Good}\n{line}\n{Good}", Now);

        Assert.Equal((3 - refused, refused), (batch.Requests.Count, batch.Rejected.Count));
        Assert.All(batch.Rejected, r => Assert.Equal((1L, true), (r.Index, r.Reason.StartsWith("the line is longer than 65536", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Stream_WithoutEnd_IsReadInConstantMemory()
    {
        const long Size = 256L * 1024 * 1024;
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = Open(new Endless(Size));
        var (requests, rejected) = (0L, 0L);
        while (await reader.ReadAsync(CancellationToken.None) is { } batch)
        {
            requests += batch.Requests.Count;
            rejected += batch.Rejected.Count;
        }

        Assert.Equal(Size, reader.Position);
        Assert.Equal((1, 1), (requests, rejected));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
    }

    [Fact]
    public async Task Stream_WhoseFirstLinesAreAllOfAnotherFormat_IsRefusedAsAWhole()
    {
        using var reader = Open(new MemoryStream("<html>\n<body>\n"u8.ToArray()));

        var error = await Assert.ThrowsAsync<FeedFormatException>(async () => await reader.ReadAsync(CancellationToken.None));
        Assert.Contains("None of the first 2 lines", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_OfALongStream_AreBoundedAndCountPlacesOn()
    {
        using var reader = Open(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Good + "\n{}\n", 5_000)))));
        var (requests, last) = (0, -1L);
        while (await reader.ReadAsync(CancellationToken.None) is { } batch)
        {
            Assert.True(batch.Requests.Count <= FeedReader.MaxBatchRequests);
            requests += batch.Requests.Count;
            last = batch.Rejected[^1].Index;
        }

        Assert.Equal((5_000, 9_999), (requests, last));
    }

    [Fact]
    public async Task Follow_OfAFileThatGrows_WaitsForTheEndOfALine()
    {
        var file = new MemoryStream();
        void Append(string text)
        {
            var at = file.Position;
            file.Position = file.Length;
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Position = at;
        }

        using var reader = Open(file, follows: true);
        Append(Good + "\n" + Good[..20]);
        Assert.Single((await reader.ReadAsync(CancellationToken.None))!.Requests);
        Assert.Equal(Good.Length + 1, reader.Position);
        Assert.Null(await reader.ReadAsync(CancellationToken.None));
        Append(Good[20..] + "\n");
        Assert.Single((await reader.ReadAsync(CancellationToken.None))!.Requests);
        Assert.Equal(2 * (Good.Length + 1), reader.Position);
    }

    // A short line, then one that does not end.
    private sealed class Endless(long size) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => size;

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var first = position == 0;
            var count = (int)Math.Min(buffer.Length, size - position);
            buffer.Span[..count].Fill((byte)'x');
            if (first)
                Encoding.UTF8.GetBytes(Good + "\n").CopyTo(buffer);
            position += count;
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
