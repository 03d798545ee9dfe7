using System.Buffers.Text;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// Access logs of a proxy in front of any registry. GET and HEAD of manifests become registry requests, an answered PUT tells a publisher,
/// other requests are ignored. What repeats from line to line (addresses, accounts, user agents, paths) is made into text
/// once. Fields and limits: docs/feeds.md.
/// </summary>
internal sealed class AccessLog : IFeedParser
{
    private static readonly int FieldCount = Enum.GetValues<LogField>().Length;

    private readonly ILogLayout layout;
    private readonly LineKeys keys;
    private readonly LineOrder order;
    private readonly LogTime time = new();
    private readonly LogSlice[] fields = new LogSlice[FieldCount];
    private readonly ByteCache<ManifestPath?> paths;
    private readonly ByteCache<byte[]?> addresses;
    private readonly ByteCache<string?> users;
    private readonly ByteCache<string?> userAgents;
    private readonly ByteCache<string?> digests;

    /// <param name="layout">How the lines are written.</param>
    /// <param name="key">Of the hash that tells lines apart; the same for all streams of a feed.</param>
    /// <param name="order">Shared by all posts of a feed; a file has its own.</param>
    public AccessLog(ILogLayout layout, UInt128 key, LineOrder order)
        : this(layout, new LineMemory(new LineKeys(key), order))
    {
    }

    /// <param name="layout">How the lines are written.</param>
    /// <param name="memory">What was read before.</param>
    public AccessLog(ILogLayout layout, LineMemory memory)
    {
        this.layout = layout;
        order = memory.Order;
        keys = memory.Keys;
        paths = new(bytes => ManifestPath.Parse(LogText.Of(bytes, layout.Escape)));
        addresses = new(bytes => RequestFields.Address(LastOf(LogText.Of(bytes, layout.Escape))));
        users = new(bytes => RequestFields.Clean(LogText.Of(bytes, layout.Escape), RegistryUser.MaxPrincipal));
        userAgents = new(bytes => RequestFields.Clean(LogText.Of(bytes, layout.Escape), Client.MaxUserAgent));
        digests = new(bytes => LastOf(LogText.Of(bytes, layout.Escape)) is var text && RequestFields.IsDigest(text) ? text : null);
    }

    public FeedFraming Framing => FeedFraming.Lines;

    public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
    {
        var line = piece.Span;
        if (layout.Split(line, fields) is { } notOfThisLayout)
        {
            batch.RejectMalformed(notOfThisLayout, line);
            return;
        }

        SplitRequest(line);
        var method = Field(line, LogField.Method);
        var uri = Field(line, LogField.Uri);
        var isPull = method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8);
        if ((!isPull && !method.SequenceEqual("PUT"u8)) || !MayBeManifest(uri) || paths.Get(uri) is not { } path)
            batch.Ignored++;
        else if (Reject(line, path, nowUtc, out var status, out var ticks, out var resolution) is { } reason)
            batch.Reject(reason, line);
        else if (isPull)
            batch.Requests.Add(Request(line, path, method.Length == 4 ? RequestMethod.Head : RequestMethod.Get, status, ticks, resolution));
        else
            AddPush(line, path, status, batch);
    }

    // A path with escapes is looked at whole; hardly any has them.
    private bool MayBeManifest(ReadOnlySpan<byte> uri) => ManifestPath.MayBe(uri) || (layout.Escape == LogEscape.Json && uri.Contains((byte)'\\'));

    private string? Reject(ReadOnlySpan<byte> line, ManifestPath path, DateTime nowUtc, out int status, out long ticks, out long resolution)
    {
        ticks = resolution = 0;
        var text = Field(line, LogField.Status);
        if (!Utf8Parser.TryParse(text, out status, out var read) || read != text.Length || status is < 100 or > 599)
            return "status is not a number from 100 to 599";
        if (!time.TryRead(Field(line, LogField.Time), out ticks, out resolution))
            return "the time is missing or of no known form with an offset";
        return RequestFields.CheckTime("the time", new DateTime(ticks, DateTimeKind.Utc), nowUtc) ?? path.Problem;
    }

    private RegistryRequest Request(ReadOnlySpan<byte> line, ManifestPath path, RequestMethod method, int status, long ticks, long resolution) => new()
    {
        EventId = keys.Of(line, ticks),
        AtUtc = new DateTime(order.Next(ticks, resolution), DateTimeKind.Utc),
        Method = method,
        Repository = path.Repository,
        Tag = path.Tag,
        Digest = path.Digest ?? Cached(digests, line, LogField.Digest),
        Status = status,
        Address = Cached(addresses, line, LogField.Address),
        User = Cached(users, line, LogField.User),
        UserAgent = Cached(userAgents, line, LogField.UserAgent),
    };

    private void AddPush(ReadOnlySpan<byte> line, ManifestPath path, int status, FeedBatch batch)
    {
        if (status is not (201 or 202))
        {
            batch.Ignored++;
            return;
        }

        batch.Pushes++;
        if (Cached(users, line, LogField.User) is { } user)
            batch.Publishers.Add(new PublisherFact(path.Repository, user));
    }

    // "GET /v2/… HTTP/1.1": what is no request line (a TLS hello, an empty line) leaves method and path empty.
    private void SplitRequest(ReadOnlySpan<byte> line)
    {
        var request = fields[(int)LogField.Request];
        if (request.Length == 0 || fields[(int)LogField.Uri].Length > 0)
            return;
        var text = request.In(line);
        var method = text.IndexOf((byte)' ');
        if (method <= 0)
            return;
        var rest = text[(method + 1)..];
        var end = rest.LastIndexOf((byte)' ');
        fields[(int)LogField.Method] = request with { Length = method };
        fields[(int)LogField.Uri] = new LogSlice(request.Start + method + 1, end < 0 ? rest.Length : end);
    }

    private ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, LogField field) => fields[(int)field].In(line);

    private T? Cached<T>(ByteCache<T?> cache, ReadOnlySpan<byte> line, LogField field)
        where T : class
    {
        var bytes = Field(line, field);
        return bytes.Length == 0 ? null : cache.Get(bytes);
    }

    private static string LastOf(string list) => list.LastIndexOf(',') is >= 0 and var comma ? list[(comma + 1)..].Trim() : list;
}
