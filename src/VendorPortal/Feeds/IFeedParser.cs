using VendorPortal.Journal;

namespace VendorPortal.Feeds;

/// <summary>How a format cuts a stream into what its parser is given.</summary>
public enum FeedFraming
{
    /// <summary>A line at a time, without its end, never empty; the stream may be of any length.</summary>
    Lines,

    /// <summary>The whole body at once, up to a limit.</summary>
    Document,
}

/// <summary>
/// A feed format: bytes in, registry requests and rejects out, nothing else touched. One instance reads one stream; it may keep what it
/// needs between lines in bounded memory. Not thread-safe.
/// </summary>
public interface IFeedParser
{
    FeedFraming Framing { get; }

    /// <summary>
    /// Reads a line or the document and adds to <paramref name="batch"/> what it says. A bad event is rejected with a reason that names
    /// the field, and never costs its neighbours. Throws nothing else than the exception below.
    /// </summary>
    /// <param name="piece">Valid only during the call.</param>
    /// <param name="nowUtc">When it was received: events from far ahead of it are refused.</param>
    /// <param name="batch">For a line, <see cref="FeedBatch.Index"/> is set; a document sets it for each of its events.</param>
    /// <exception cref="FeedFormatException">The stream is not of this format at all.</exception>
    void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch);
}
