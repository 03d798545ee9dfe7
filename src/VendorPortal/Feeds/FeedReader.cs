using System.Buffers;
using VendorPortal.Journal;

namespace VendorPortal.Feeds;

/// <summary>
/// Reads a stream of a feed batch by batch, in constant memory: what a post, an import and a followed file have in common. Each batch is
/// stored before the next one is asked for, so a stream that breaks off has stored what came before; sent again from its
/// start, that is known as repeats.
/// </summary>
public sealed class FeedReader(Stream input, IFeedParser parser, TimeProvider time, int maxDocument) : IDisposable
{
    /// <summary>Longest line, in bytes; a longer one is refused without being held.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>Most lines, and most requests or events of the product, of a batch.</summary>
    public const int MaxBatchLines = 8_192;

    /// <inheritdoc cref="MaxBatchLines"/>
    public const int MaxBatchRequests = 2_000;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(4 * MaxLine);
    private int start;
    private int end;
    private long index;
    private bool isSkipping;
    private bool hasStarted;
    private bool hasEnded;

    /// <summary>
    /// True for a file that grows: at its end there is nothing to read now, and a last line without its end waits for the rest. False again once
    /// it has stopped growing. Lines of another format are then rejected one by one, also at the beginning: others may follow.
    /// </summary>
    public bool Follows { get; set; }

    /// <summary>Bytes of the stream that all batches so far were made of; between two batches the start of a line.</summary>
    public long Position { get; private set; }

    /// <summary>The next batch; null at the end. The first one may be empty.</summary>
    /// <exception cref="FeedFormatException">The stream is not of the feed's format: nothing at its beginning could be read.</exception>
    public async ValueTask<FeedBatch?> ReadAsync(CancellationToken ct)
    {
        if (hasEnded)
            return null;
        var batch = new FeedBatch();
        try
        {
            await (parser.Framing == FeedFraming.Document ? ReadDocumentAsync(batch, ct) : ReadLinesAsync(batch, ct));
        }
        catch (FeedFormatException error) when (!error.IsTooLarge)
        {
            error.Sample = EventSample.Of(buffer.AsSpan(start, end - start));
            throw;
        }

        if (!hasStarted && !Follows && batch.Malformed > 0 && batch.Malformed == batch.Count)
        {
            var first = batch.Rejected[0];
            throw new FeedFormatException($"None of the first {batch.Count} lines is of the feed's format; the first: {first.Reason}.")
            {
                Reason = $"None of the first lines is of the feed's format: {first.Reason}.",
                Sample = first.Sample,
            };
        }

        var isFirst = !hasStarted;
        hasStarted = true;
        return isFirst || batch.Count > 0 ? batch : null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        hasEnded = true;
    }

    private async ValueTask ReadDocumentAsync(FeedBatch batch, CancellationToken ct)
    {
        while (await FillAsync(ct))
        {
            if (end > maxDocument)
                throw new FeedFormatException($"The body is longer than {maxDocument} bytes.") { IsTooLarge = true };
        }

        hasEnded = true;
        Position = end;
        parser.Read(buffer.AsMemory(0, end), time.GetUtcNow().UtcDateTime, batch);
    }

    private async ValueTask ReadLinesAsync(FeedBatch batch, CancellationToken ct)
    {
        while (!ParseLines(batch))
        {
            if (await FillAsync(ct))
                continue;
            if (Follows)
                return;
            hasEnded = true;
            if (!isSkipping)
                ParseLine(buffer.AsMemory(start, end - start), time.GetUtcNow().UtcDateTime, batch);
            Position += end - start;
            return;
        }
    }

    // True when the batch is full.
    private bool ParseLines(FeedBatch batch)
    {
        var now = time.GetUtcNow().UtcDateTime;
        while (batch.Requests.Count + batch.Usage.Count < MaxBatchRequests && batch.Count < MaxBatchLines)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0)
            {
                SkipLongLine(batch);
                return false;
            }

            if (isSkipping)
                isSkipping = false;
            else
                ParseLine(buffer.AsMemory(start, length), now, batch);
            start += length + 1;
            Position += length + 1;
        }

        return true;
    }

    private void ParseLine(ReadOnlyMemory<byte> line, DateTime nowUtc, FeedBatch batch)
    {
        line = line.TrimEnd(" \t\r"u8); // a line is the same line with either line end
        if (line.IsEmpty)
            return;
        batch.Index = index++;
        if (line.Length > MaxLine)
            RejectLong(line.Span, batch);
        else
            parser.Read(line, nowUtc, batch);
    }

    private void SkipLongLine(FeedBatch batch)
    {
        if (end - start <= MaxLine)
            return;
        if (!isSkipping)
        {
            batch.Index = index++;
            RejectLong(buffer.AsSpan(start, end - start), batch);
        }

        isSkipping = true;
        Position += end - start;
        start = end = 0;
    }

    private static void RejectLong(ReadOnlySpan<byte> line, FeedBatch batch) => batch.RejectMalformed($"the line is longer than {MaxLine} bytes", line);

    // False at the end of the stream.
    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length) // a document; a line never fills it
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        var read = await input.ReadAsync(buffer.AsMemory(end), ct);
        end += read;
        return read > 0;
    }
}
