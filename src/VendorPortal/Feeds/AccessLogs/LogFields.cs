namespace VendorPortal.Feeds.AccessLogs;

/// <summary>What an access log can tell of a request.</summary>
internal enum LogField
{
    /// <summary>When: a local or ISO 8601 time with its offset, or seconds since 1970.</summary>
    Time,

    /// <summary>The request line: <c>GET /v2/acme/app/manifests/1.0 HTTP/1.1</c>.</summary>
    Request,

    Method,
    Uri,
    Status,

    /// <summary>The client's address; of a list as in <c>X-Forwarded-For</c> the last entry counts, which the nearest proxy has added.</summary>
    Address,

    User,
    UserAgent,

    /// <summary>The response header <c>Docker-Content-Digest</c>.</summary>
    Digest,
}

/// <summary>How a log writes characters that could be taken for its own.</summary>
internal enum LogEscape
{
    /// <summary><c>\x22</c> as nginx, <c>\"</c> as Apache; a missing value is <c>-</c>.</summary>
    Default,

    /// <summary>As in JSON.</summary>
    Json,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>Where a field stands in its line, still escaped; nothing where <see cref="Length"/> is 0.</summary>
internal readonly record struct LogSlice(int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> line) => line.Slice(Start, Length);
}

/// <summary>Cuts a line into fields: <see cref="LogTemplate"/> by its text, <see cref="LogJson"/> by its names.</summary>
internal interface ILogLayout
{
    LogEscape Escape { get; }

    /// <summary>Fills one slice for each <see cref="LogField"/>. Null, or the reason why the line is not of this layout.</summary>
    string? Split(ReadOnlySpan<byte> line, Span<LogSlice> fields);
}
