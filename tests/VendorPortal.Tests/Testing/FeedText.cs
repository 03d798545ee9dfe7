using System.Text;
using VendorPortal.Feeds;
using VendorPortal.Journal;

namespace VendorPortal.Tests.Testing;

/// <summary>Bytes through a parser, as posts and imports read them.</summary>
internal static class FeedText
{
    /// <summary>All that a parser makes of a stream, as one batch; <paramref name="chunk"/> bytes arrive at a time.</summary>
    public static FeedBatch Parse(IFeedParser parser, byte[] bytes, DateTime nowUtc, int chunk = int.MaxValue) => Read(parser, new Chunks(bytes, chunk), nowUtc);

    public static FeedBatch Parse(IFeedParser parser, string text, DateTime nowUtc) => Parse(parser, Encoding.UTF8.GetBytes(text), nowUtc);

    public static FeedBatch Read(IFeedParser parser, Stream stream, DateTime nowUtc)
    {
        using var reader = new FeedReader(stream, parser, new ManualTimeProvider(new DateTimeOffset(nowUtc)), 8 * 1024 * 1024);
        var all = new FeedBatch();
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } batch)
        {
            all.Requests.AddRange(batch.Requests);
            all.Manifests.AddRange(batch.Manifests);
            all.Publishers.AddRange(batch.Publishers);
            all.Kinds.AddRange(batch.Kinds);
            all.Rejected.AddRange(batch.Rejected);
            all.Pushes += batch.Pushes;
            all.Ignored += batch.Ignored;
        }

        return all;
    }

    private sealed class Chunks(byte[] bytes, int chunk) : MemoryStream(bytes, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
