using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Journal;

namespace VendorPortal.Import;

/// <summary>
/// Reads files of a feed, one after the other, as batches: plain or gzip, told by their first bytes; documents also one a line. Parses ahead of whoever
/// takes the batches, by a few of them.
/// </summary>
public sealed class ImportFiles(FeedFormats formats, PortalOptions options, TimeProvider time)
{
    private const int Ahead = 4;
    private const int BufferBytes = 256 * 1024;

    /// <summary>What the sources say.</summary>
    /// <exception cref="InputException">A source is not of the feed's format; the message names it.</exception>
    public async IAsyncEnumerable<FeedBatch> ReadAsync(
        FeedIdentity feed, IReadOnlyList<ImportSource> sources, ImportMonitor monitor, [EnumeratorCancellation] CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var batches = Channel.CreateBounded<FeedBatch>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        var parsing = Task.Run(() => ParseAsync(feed, sources, monitor, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(ct))
                yield return batch;
        }
        finally
        {
            await stop.CancelAsync();
            await parsing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what went wrong came through the channel
        }
    }

    private async Task ParseAsync(FeedIdentity feed, IReadOnlyList<ImportSource> sources, ImportMonitor monitor, ChannelWriter<FeedBatch> batches, CancellationToken ct)
    {
        try
        {
            foreach (var source in sources)
                await ParseAsync(feed, source, sources.Count > 1 ? source.Name : null, monitor, batches, ct);
            batches.Complete();
        }
        catch (Exception error)
        {
            batches.Complete(error);
        }
    }

    private async Task ParseAsync(FeedIdentity feed, ImportSource source, string? name, ImportMonitor monitor, ChannelWriter<FeedBatch> batches, CancellationToken ct)
    {
        try
        {
            await using var input = new BufferedStream(new ReadCounter(source.Open(), monitor), BufferBytes);
            var start = await PeekAsync(input, ct);
            await using var plain = IsGzip(start.Bytes.Span) ? new GZipStream(start.Before(input), CompressionMode.Decompress) : start.Before(input);
            var text = await PeekAsync(plain, ct);
            var parser = formats.OpenFile(feed);
            if (parser.Framing == FeedFraming.Document && IsDocumentALine(text.Bytes))
                parser = new DocumentALine(parser);
            using var reader = new FeedReader(text.Before(plain), parser, time, options.Ingest.MaxBodyBytes);
            while (await reader.ReadAsync(ct) is { } batch)
            {
                monitor.Add(batch, name);
                await batches.WriteAsync(batch, ct);
            }
        }
        catch (Exception error) when (error is FeedFormatException or InvalidDataException)
        {
            throw new InputException($"{source.Name} cannot be imported as {FeedKindNames.Of(feed.Kind)}: {error.Message}");
        }
    }

    private static async Task<Beginning> PeekAsync(Stream stream, CancellationToken ct)
    {
        var bytes = new byte[FeedReader.MaxLine];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return new Beginning(bytes.AsMemory(0, length));
    }

    private static bool IsGzip(ReadOnlySpan<byte> start) => start is [0x1f, 0x8b, ..];

    // A file of many notifications holds each on a line of its own; a single one may be spread over lines.
    private static bool IsDocumentALine(ReadOnlyMemory<byte> start)
    {
        var end = start.Span.IndexOf((byte)'\n');
        if (end <= 0)
            return false;
        try
        {
            using var first = JsonDocument.Parse(start[..end]);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private readonly record struct Beginning(ReadOnlyMemory<byte> Bytes)
    {
        /// <summary>The stream from its beginning again.</summary>
        public Stream Before(Stream rest) => new PushedBackStream(Bytes, rest);
    }

    private sealed class DocumentALine(IFeedParser document) : IFeedParser
    {
        public FeedFraming Framing => FeedFraming.Lines;

        public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
        {
            var line = batch.Index;
            try
            {
                document.Read(piece, nowUtc, batch);
            }
            catch (FeedFormatException error)
            {
                batch.Index = line;
                batch.RejectMalformed(error.Reason, piece.Span);
            }
        }
    }
}

/// <summary>Something to import: its name as people know it, how to open it, and its size where it is known.</summary>
public sealed record ImportSource(string Name, Func<Stream> Open, long? Bytes);
